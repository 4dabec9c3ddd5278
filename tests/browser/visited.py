"""Where the pages stand that browser tests look at, by the folder of the page; ``{number}``: of some matter."""

from collections.abc import Mapping

VISITED: Mapping[str, tuple[str, ...]] = {
    "live": ("/",),
    "brief": ("/brief",),
    "matters": ("/tickets", "/tickets?counter=in_hand"),
    "ticket": ("/tickets/{number}", "/tickets/none"),
    "mine": ("/mine", "/mine?ended=true"),
    "say": ("/say",),
    "own": ("/mine/matter",),
    "acts": ("/mine/matter/supplement", "/mine/matter/evaluation", "/mine/matter/withdrawal", "/mine/matter/erasure"),
    "sign_in": ("/staff", "/staff/password?link=abc"),
    "inbox": ("/desk",),
    "many": ("/desk/many?act=acceptance&n={number}",),
    "supervision": ("/desk/supervision", "/desk/supervision?by=month", "/desk/supervision/matters?light=green"),
    "desk": ("/desk/{number}",),
    "desk_acts": ("/desk/{number}/acceptance", "/desk/{number}/completion", "/desk/{number}/plan"),
}
