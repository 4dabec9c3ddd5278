"""The same dangers in English, for visitors and residents who write it."""

from services.intake.domain.urgency.sign import Level, sign

NOW, PERHAPS = Level.NOW, Level.PERHAPS

SIGNS = (
    sign(
        "fire",
        NOW,
        "fire smoke burning flames",
        needs=(
            r"there is (?:a )?(?:fire|smoke)|on fire|fire in|fire at|burning|flames|house .{0,32}fire|"
            r"smoke (?:is )?coming|caught fire"
        ),
        unless=(
            r"fire (?:drill|truck|station|lane|safety|extinguisher|insurance|alarm test|hydrant)|fired|"
            r"burning (?:rubbish|question|leaves)|no fire|could catch|if there"
        ),
    ),
    sign(
        "gas",
        NOW,
        "gas",
        needs=r"smell(?:s|ing)? (?:of )?gas|gas (?:leak|is leaking)|leaking gas",
        unless=r"gas (?:bill|fee|price|station)|no gas leak",
    ),
    sign(
        "explosion",
        NOW,
        "explosion exploded bomb",
        needs=r"(?:was|is|heard|there).{0,32}explosion|exploded|bomb (?:in|at|on|under)|a bomb",
        unless=r"time bomb|ticking|policy|bombard",
    ),
    sign(
        "chemical",
        NOW,
        "overturned leaking yellow smoke spill chlorine ammonia",
        needs=(
            r"tanker.{0,20}(?:overturned|leaking)|yellow smoke|(?:chemical|acid|chlorine|"
            r"ammonia).{0,32}(?:spill|leak)"
        ),
    ),
    sign(
        "collapse",
        NOW,
        "collapsed fell caved collapse sinkhole",
        needs=(
            r"(?:ceiling|wall|roof|building|bridge|scaffold|road|balcony).{0,32}(?:collapsed|fell|caved|"
            r"collapse)|sinkhole|fell (?:on|onto) the"
        ),
        unless=r"might|could|could collapse|prices|last year",
    ),
    sign(
        "electricity",
        NOW,
        "electrocuted electric shock live wire power line",
        needs=r"electrocuted|electric shock|live wire|power line.{0,32}(?:down|fell)",
    ),
    sign(
        "drowning",
        NOW,
        "drowning fell into swept away in the water in the river",
        needs=(
            r"drowning|fell into (?:the|a) (?:well|river|lake|pond|water|canal|manhole)|swept away|(?:man|"
            r"woman|child|boy|girl|someone|somebody).{0,32}in the (?:river|water)"
        ),
        unless=r"drowning in (?:paper|work|debt)|phone",
    ),
    sign(
        "trapped",
        NOW,
        "stuck trapped",
        needs=r"(?:stuck|trapped) (?:in|inside|under)",
        unless=r"stuck in traffic|stuck in the (?:app|queue|system)|for weeks",
    ),
    sign(
        "violence",
        NOW,
        "knife gun attacking beating stabbed shooting kidnapped hostage fighting",
        needs=(
            r"with a (?:knife|gun|axe)|is (?:attacking|beating|fighting)|are (?:attacking|beating|fighting)|"
            r"stabbed|shooting|kidnapped|hostage"
        ),
        unless=r"beating around|price|film",
    ),
    sign(
        "self_harm",
        NOW,
        "suicide jump kill myself end my life overdose",
        needs=(
            r"going to jump|about to jump|wants to jump|kill (?:my|him|her)self|end (?:my|his|her) life|"
            r"overdose|commit suicide"
        ),
        unless=r"prevention|hotline|course|jump the queue",
    ),
    sign(
        "missing",
        NOW,
        "missing lost disappeared abducted",
        needs=(
            r"(?:son|daughter|child|boy|girl|kid|mother|father|grandmother|grandfather|old man|"
            r"old woman).{0,32}(?:missing|lost|disappeared|abducted)|missing (?:child|boy|girl)"
        ),
        unless=r"lost (?:his|her|my|the) (?:card|phone|key|wallet|job|book)|missing (?:tile|page|document)",
    ),
    sign(
        "life",
        NOW,
        "collapsed unconscious breathing bleeding dying not moving heart attack seizure",
        needs=(
            r"(?:man|woman|child|boy|girl|person|he|she|mother|father|someone|somebody|"
            r"lady).{0,32}(?:collapsed|unconscious|bleeding|dying)|not (?:breathing|moving)|heart attack|"
            r"having a seizure|stopped breathing"
        ),
        unless=r"bleeding (?:money|edge)|dying (?:to|trade)",
    ),
    sign(
        "poisoning",
        NOW,
        "vomiting poisoned food poisoning",
        needs=(
            r"(?:pupils|children|students|people|workers|family|guests).{0,20}(?:vomiting|poisoned|sick)|"
            r"food poisoning"
        ),
    ),
    sign(
        "flood",
        NOW,
        "water is rising flood flooding dam",
        needs=(
            r"water is (?:rising|coming)|(?:flood|flooding).{0,32}(?:now|in|is)|dam (?:is|has).{0,32}(?:break|"
            r"burst|leak)"
        ),
        unless=r"policy|insurance|last|flood of (?:calls|ads)|covers",
    ),
    sign(
        "water_cut",
        NOW,
        "no water no power no electricity no heating",
        needs=(
            r"no (?:water|power|electricity|heating).{0,32}(?:(?:three|four|five|six|seven|eight|nine|ten|"
            r"[3-9]|\d\d) days|(?:a|one|two) weeks?)"
        ),
        unless=r"pressure",
        lasts=True,
    ),
    sign(
        "water_cut",
        PERHAPS,
        "no water no power no electricity no heating",
        needs=r"no (?:water|power|electricity|heating).{0,32}(?:two days|since yesterday|2 days)",
    ),
    sign(
        "traffic",
        NOW,
        "crashed crash accident hit by run over",
        needs=(
            r"(?:cars?|bus|truck|lorry).{0,32}crash|crash.{0,20}(?:injured|bleeding|moving|trapped)|hit by a|"
            r"run over by|accident.{0,20}(?:injured|bleeding|now)"
        ),
        unless=r"last (?:year|month|week)|insurance|website|app|system",
    ),
    sign(
        "animal",
        NOW,
        "dog snake bear wild boar",
        needs=r"(?:dog|dogs|boar|bear).{0,8}(?:is |are )?(?:attacking|biting|chasing)|snake in (?:the|my)",
        unless=r"leash|barks?|barking",
    ),
)
