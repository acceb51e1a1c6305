"""davmail_people.py LDAP-PORT - asks the directory through DavMail's LDAP

Each step prints its name once it went well; the first that does not ends the run.
"""
import sys

import ldap3

ANN = "ann@postern.example"
ZOE = "zoe@postern.example"
PASSWORD = "secret"


def search(connection, criteria, attributes, **more):
    connection.search("ou=people", criteria, attributes=attributes, **more)
    return [entry["attributes"] for entry in connection.response
            if entry["type"] == "searchResEntry"]


def one(value):
    return value[0] if isinstance(value, list) else value


def complete(connection):
    # DavMail itself takes "e" for no "ë".
    for text in ("zo", "zoë", "ZW"):
        found = search(connection, f"(|(cn={text}*)(sn={text}*)(givenName={text}*))",
                       ["cn", "mail"])
        assert [one(person["mail"]) for person in found] == [ZOE], (text, found)


def nobody(connection):
    assert search(connection, "(cn=qqq*)", ["cn", "mail"]) == []


def details(connection):
    person = search(connection, "(cn=zo*)", [
        "cn", "mail", "telephoneNumber", "title", "department",
        "physicalDeliveryOfficeName"])[0]
    assert one(person["telephoneNumber"]) == "+49 1", person
    assert one(person["cn"]) == "Zoë Zwölf", person


def many(connection):
    assert len(search(connection, "(cn=m*)", ["cn", "mail"], size_limit=100)) > 20


def main():
    server = ldap3.Server("127.0.0.1", int(sys.argv[1]), get_info=ldap3.NONE)
    connection = ldap3.Connection(server, ANN, PASSWORD, auto_bind=True,
                                  check_names=False, receive_timeout=300)
    for step in (complete, nobody, details, many):
        step(connection)
        print(step.__name__, "ok", flush=True)
    print("done")


main()
