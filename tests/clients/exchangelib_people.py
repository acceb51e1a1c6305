"""exchangelib_people.py URL - python3-exchangelib asks the directory

Finds people by a few letters, by an address and page by page, and expands groups.
Each step prints its name once it went well; the first that does not ends the run.
"""
import sys
import warnings

from exchangelib import DELEGATE, Account, Configuration, Credentials
from exchangelib.errors import ErrorNameResolutionNoResults
from exchangelib.items import ALL_PROPERTIES
from exchangelib.properties import DistinguishedFolderId
from exchangelib.restriction import Q, Restriction
from exchangelib.services import FindPeople
from exchangelib.version import EXCHANGE_2013

ANN = "ann@postern.example"
ZOE = "zoe@postern.example"
PASSWORD = "secret"


def log_in(url):
    configuration = Configuration(
        service_endpoint=url, credentials=Credentials(ANN, PASSWORD),
    )
    return Account(ANN, config=configuration, autodiscover=False,
                   access_type=DELEGATE)


def find(account, text, **more):
    return account.protocol.resolve_names([text], search_scope="ActiveDirectory", **more)


def resolve(account):
    for text in ("zoe", "zwöl", "ZWOLF", "zoe zwo", "smtp:old@postern.example"):
        found = find(account, text)
        assert [one.email_address for one in found] == [ZOE], (text, found)
    assert isinstance(find(account, "nobody")[0], ErrorNameResolutionNoResults)


def details(account):
    found = find(account, "zoe", return_full_contact_data=True, shape=ALL_PROPERTIES)
    contact = found[0][1]
    assert contact.display_name == "Zoë Zwölf", contact
    assert contact.job_title == "Miller" and contact.department == "Mill", contact
    assert contact.manager == "Ann Lee", contact
    numbers = {one.label: one.phone_number for one in contact.phone_numbers}
    assert numbers["BusinessPhone"] == "+49 1", numbers
    assert [one.email for one in contact.email_addresses] == [
        "SMTP:" + ZOE, "smtp:old@postern.example"], contact.email_addresses
    assert contact.email_alias == "zm", contact.email_alias
    assert contact.photo == b"\xff\xd8\xff\xe0", contact.photo
    assert contact.manager_mailbox.email_address == ANN, contact.manager_mailbox
    boss = find(account, "smtp:" + ANN, return_full_contact_data=True, shape=ALL_PROPERTIES)
    assert [one.email_address for one in boss[0][1].direct_reports] == [ZOE]


def hundred(account):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert len(find(account, "p")) == 100
    assert any("at most 100" in str(one.message) for one in caught), caught


def expand(account):
    members = account.protocol.expand_dl("mill@postern.example")
    assert [(one.email_address, one.mailbox_type) for one in members] == [
        (ZOE, "Mailbox"), ("all@postern.example", "PublicDL")], members
    try:
        account.protocol.expand_dl("secret@postern.example")
        assert False, "hidden members were shown"
    except ErrorNameResolutionNoResults:
        pass


def people(account):
    if account.version.build < EXCHANGE_2013:
        return
    # The library's own way begins at a folder that GetFolder has to know.
    query = Restriction(Q("p"), folders=[account.contacts], applies_to=Restriction.ITEMS)
    found = list(FindPeople(account=account, page_size=300).call(
        folder=DistinguishedFolderId(id="directory"), additional_fields=None,
        restriction=None, order_fields=None, shape="Default", query_string=query,
        depth="Shallow", max_items=None, offset=0,
    ))
    assert len(found) == 300, len(found)
    assert all(one.display_name and one.email_address for one in found)


def main():
    account = log_in(sys.argv[1])
    for step in (resolve, details, hundred, expand, people):
        step(account)
        print(step.__name__, "ok", flush=True)
    print("done")


main()
