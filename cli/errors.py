"""What hinders a command that somebody typed, as a sentence that says what to do; a bug has none."""


def sentence(error: Exception) -> str:
    """The sentence, or "" for what nobody at the keyboard can mend."""
    from pymongo.errors import AutoReconnect

    from cli.new_epoch import EpochRefused
    from runtime.delivery.ports import LogLost, PositionLost, Unavailable
    from runtime.kafka.topics import GroupInUse
    from runtime.process.settings import SettingsRefused

    match error:
        case SettingsRefused() | LogLost() | PositionLost() | GroupInUse() | EpochRefused():
            return str(error)
        case AutoReconnect():
            return _away("MongoDB", error, "MONGODB_URI")
        case Unavailable():
            return _away("Kafka or MongoDB", error, "KAFKA_BOOTSTRAP_SERVERS and MONGODB_URI")
        case OSError(filename=str(path), strerror=str(why)):
            return f"{path}: {why}"
    return ""


def _away(what: str, error: Exception, variables: str) -> str:
    why = str(error).partition(", Timeout")[0]  # MongoDB's goes on for a screen
    return f"{what} does not answer ({why}): `make up` starts it here, or set {variables} to where it is"
