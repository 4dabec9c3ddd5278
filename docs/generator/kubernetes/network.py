"""deploy/kubernetes/platform/network.yaml: nothing speaks with anything that is not named here."""

from docs.generator.kubernetes.compose import PROCESSES, Manifest, document, is_api, port_of, services
from docs.generator.kubernetes.pods import PART_OF, REACHES_KAFKA, REACHES_MONGODB, meta, named
from docs.generator.kubernetes.workloads import SHOWING

OUTSIDE = ("notify-loop", "notify-hooks")  # hand over to gateways and subscribers
INGRESS, WATCH = "ingress-nginx", "monitoring"  # namespaces
PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
PRIVATE_6 = ("fc00::/7", "fe80::/10", "::1/128")


def page() -> str:
    return document(
        [
            _policy("nothing-else", {}, {"policyTypes": ["Ingress", "Egress"]}),
            _dns(),
            *_store("kafka", 9092, REACHES_KAFKA),
            *_store("mongodb", 27017, REACHES_MONGODB),
            *_pages(),
            *_between(),
            _outside(),
            _policy("metrics", PART_OF, _in([_namespace(WATCH)], [{"port": "http"}])),
        ]
    )


def _policy(name: str, pods: dict[str, str], rules: Manifest) -> Manifest:
    return _selecting(name, {"matchLabels": pods} if pods else {}, rules)


def _selecting(name: str, selector: Manifest, rules: Manifest) -> Manifest:
    return meta("NetworkPolicy", "networking.k8s.io/v1", name) | {"spec": {"podSelector": selector} | rules}


def _in(peers: list[Manifest], ports: list[Manifest]) -> Manifest:
    return {"policyTypes": ["Ingress"], "ingress": [{"from": peers, "ports": ports}]}


def _out(peers: list[Manifest], ports: list[Manifest]) -> Manifest:
    return {"policyTypes": ["Egress"], "egress": [{"to": peers} | ({"ports": ports} if ports else {})]}


def _pods(marks: dict[str, str]) -> Manifest:
    return {"podSelector": {"matchLabels": marks}}


def _any_of(processes: list[str]) -> Manifest:
    return {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": processes}]}


def _namespace(name: str) -> Manifest:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def _dns() -> Manifest:
    ports = [{"port": 53, "protocol": protocol} for protocol in ("UDP", "TCP")]
    return _policy("names", {}, _out([_namespace("kube-system")], ports))


def _store(name: str, port: int, label: str) -> list[Manifest]:
    """Who may speak with a store; itself too, by its own name."""
    readers, ports = {label: "yes"}, [{"port": port}]
    return [
        _policy(f"to-{name}", readers, _out([_pods(named(name))], ports)),
        _policy(f"into-{name}", named(name), _in([_pods(readers)], ports)),
        _policy(f"{name}-itself-out", named(name), _out([_pods(named(name))], [])),
        _policy(f"{name}-itself-in", named(name), _in([_pods(named(name))], _all_of(name, port))),
    ]


def _all_of(name: str, port: int) -> list[Manifest]:
    return [{"port": port}, *([{"port": 9093}] if name == "kafka" else [])]


def _pages() -> list[Manifest]:
    """The one API that the ingress reaches."""
    return [_policy("pages", named(SHOWING), _in([_namespace(INGRESS)], [{"port": port_of(SHOWING)}]))]


def _between() -> list[Manifest]:
    """Who asks the APIs of the services: whoever is told where they are."""
    asking = [name for name in PROCESSES if "DUBAN_SERVICE_URLS" in services()[name]["environment"]]
    apis = [name for name in PROCESSES if is_api(name)]
    asked, ports = _any_of(apis), [{"port": port_of(name)} for name in apis]
    return [
        _selecting("to-apis", _any_of(asking), _out([{"podSelector": asked}], ports)),
        _selecting("into-apis", asked, _in([{"podSelector": _any_of(asking)}], ports)),
    ]


def _outside() -> Manifest:
    """Gateways and subscribers in public networks; one inside has to be allowed by whoever has it."""
    blocks = (("0.0.0.0/0", PRIVATE), ("::/0", PRIVATE_6))
    peers = [{"ipBlock": {"cidr": cidr, "except": list(closed)}} for cidr, closed in blocks]
    return _selecting("outside", _any_of(list(OUTSIDE)), _out(peers, []))
