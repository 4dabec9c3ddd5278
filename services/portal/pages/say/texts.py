"""What the form of a matter, its read-back and its receipt say."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

TEXTS: Mapping[str, Pair] = {
    "intro": (
        "说清楚什么事、在哪里，写好后先核对再登记。登记后给您一个登记号和查询码，随时能查办到哪一步。",
        "Say what it is and where; you check it before it is registered. You get a number and a code: with them you "
        "can see at any time how far it has come.",
    ),
    "urgent_call": (
        "有人受伤、着火、违法犯罪，请马上拨打 120、119、110，不要在这里等。",
        "Is somebody hurt, is there a fire or a crime? Call 120, 119 or 110 at once; do not wait here.",
    ),
    "wrong_here": ("有地方需要改，请看标出的地方。", "Something has to be mended: see what is marked."),
    "needed": ("请填写这一项。", "Fill this in."),
    "step_what": ("第一步 什么事", "Step 1: what it is"),
    "step_where": ("第二步 在哪里", "Step 2: where it is"),
    "step_reach": ("第三步 怎么联系您", "Step 3: how we reach you"),
    "label_title": ("一句话说明", "In one sentence"),
    "title_hint": ("例如：村里停水三天了", "For example: no water in the village for three days"),
    "label_content": ("详细情况", "What happened"),
    "content_hint": (
        "什么时候开始、影响多少人、找过谁、希望怎么办。知道多少写多少。",
        "Since when, how many people, whom you have asked, what you wish. Write what you know.",
    ),
    "label_division": ("在哪一片", "Which part"),
    "part_unknown": ("不清楚，或不在这里面", "Not sure, or none of these"),
    "label_place": ("地点", "Place"),
    "place_hint": ("乡镇、村组、街道门牌，或附近有什么", "Township, village, street and number, or what is near it"),
    "private": (
        "姓名、电话和邮箱加密保存，不会公开。也可以都不填，只凭登记号和查询码来查。",
        "Name, phone and e-mail are kept sealed and are never public. You may leave all of this empty and follow the "
        "matter by number and code alone.",
    ),
    "label_name": ("姓名", "Name"),
    "label_phone": ("手机号", "Mobile number"),
    "label_email": ("电子邮箱", "E-mail"),
    "label_on_behalf_of": ("替谁反映", "On whose behalf"),
    "may_be_empty": ("（可不填）", " (may stay empty)"),
    "label_channel": ("办理进展怎么通知您", "How you want to be told"),
    "channel_sms": ("发短信", "By SMS"),
    "channel_email": ("发邮件", "By e-mail"),
    "channel_none": ("不用通知，我自己来查", "Not at all: I look it up myself"),
    "next": ("下一步", "Next"),
    "previous": ("上一步", "Back"),
    "check": ("写好了，去核对", "Check what I wrote"),
    "forget": ("清空，不写了", "Clear it all"),
    "draft_hint": (
        "没写完时，除姓名、电话、邮箱外，内容暂存在本标签页，关掉就没了。",
        "Until you send it, what you write, but no name, phone or e-mail, is kept in this tab; closing it forgets it.",
    ),
    "read_back": ("请核对", "Is this right?"),
    "read_back_hint": (
        "这是您要登记的内容。没有问题就点“确认登记”；要改就点“返回修改”。",
        "This is what will be registered. If it is right, register it; if not, go back and change it.",
    ),
    "not_given": ("没有填", "left empty"),
    "edit": ("返回修改", "Go back and change it"),
    "send": ("确认登记", "Register it"),
    "other_body": (
        "刚才已用这张表登记过一次，内容和现在不一样。没有看到登记号的，请把每一项改得和刚才一样再确认，就能拿到；"
        "现在这份是另一件事的，请点“另外登记”。",
        "This form has been registered once, with other words. Did you not see the number? Make every field as it was, "
        "confirm, and you get it. Is this another matter? Register it as well.",
    ),
    "send_another": ("另外登记", "Register it as well"),
    "done": ("登记好了", "It is registered"),
    "done_hint": (
        "请抄下来、拍照或打印。以后凭这两样查询、补充和评价。",
        "Write both down, photograph or print them. With them you follow, add and evaluate.",
    ),
    "code": ("查询码", "Query code"),
    "no_copy": (
        "查询码只在这里显示，我们不留底。丢了，谁也找不回来；请不要告诉别人。",
        "The code is shown only here, and we keep no copy of it. If it is lost, nobody can find it again; tell it to "
        "nobody.",
    ),
    "told_too": (
        "如果填了手机号或邮箱，也会发给您。",
        "If you gave a mobile number or an e-mail, both are sent to you, too.",
    ),
    "read_aloud": ("念出来是", "Read out"),
    "qr_says": ("扫一扫，打开查询页（不含查询码）", "Scan it to open the page to look it up; the code is not in it"),
    "print": ("打印", "Print"),
    "look": ("查看我的事项", "See my matter"),
    "another": ("再反映一件", "Register another"),
    "what_next": (
        "接下来：确定由哪个单位办理，单位受理后会说明什么时候办完；办完后请您评价，您满意才销号。",
        "What happens now: the unit is found; it accepts the matter and says by when; when it is done, you are asked; "
        "only when you are satisfied is it struck off.",
    ),
}
