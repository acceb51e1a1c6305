"""python3-ldap3 looks people up.

    ldap3_client.py PORT CA        one program that tries everything
    ldap3_client.py PORT CA 50     so many that search at once

Says "done" in the end.
"""
import ssl
import sys
import threading

import ldap3
from ldap3.core.exceptions import LDAPException

ANN, PASSWORD = "ann@postern.example", "secret"
PORT, CA = int(sys.argv[1]), sys.argv[2]


def connect(info=ldap3.NONE, **more):
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=CA)
    server = ldap3.Server("localhost", port=PORT, tls=tls, get_info=info)
    return ldap3.Connection(server, ANN, PASSWORD, **more)


def mails(connection, text, **more):
    connection.search("ou=people", text, attributes=["mail", "cn"], **more)
    return sorted(entry.mail.values[0] for entry in connection.entries
                  if "mail" in entry)


def expect(found, wanted):
    assert found == wanted, f"{found!r} instead of {wanted!r}"


def read_server():
    """The root and the schema can be read, and the schema makes sense."""
    connection = connect(ldap3.ALL)
    connection.start_tls()
    assert connection.bind(), connection.result
    info, schema = connection.server.info, connection.server.schema
    assert "ou=people" in info.naming_contexts, info
    assert "3" in info.supported_ldap_versions, info
    assert info.vendor_name == ["Postern"], info
    for name in "mail", "cn", "telephoneNumber", "jpegPhoto", "manager":
        assert name in schema.attribute_types, name
    for name in "person", "inetOrgPerson", "groupOfNames":
        assert name in schema.object_classes, name
    for oid in "1.3.6.1.4.1.4203.1.11.3", "1.3.6.1.1.8":
        assert any(oid == at[0] for at in info.supported_extensions), oid
    for oid in "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.473":
        assert any(oid == at[0] for at in info.supported_controls), oid
    expect(connection.extend.standard.who_am_i(), "u:" + ANN)
    # With a schema the library checks and decodes what is searched.
    expect(mails(connection, "(&(objectClass=inetOrgPerson)(cn=mil*))"),
           ["mila.baker@postern.example", "miles.smith@postern.example"])
    connection.unbind()


def search():
    connection = connect(auto_bind=ldap3.AUTO_BIND_TLS_BEFORE_BIND)
    both = ["mila.baker@postern.example", "miles.smith@postern.example"]
    expect(mails(connection, "(givenName=mil*)"), both)
    expect(mails(connection, "(sn~=goedel)"), [])
    expect(mails(connection, "(sn:caseIgnoreMatch:=g\u00f6del)"),
           ["goe@postern.example"])
    expect(len(mails(connection, "(givenName=mil*)", size_limit=1)), 1)
    expect(connection.result["description"], "sizeLimitExceeded")

    paged = connection.extend.standard.paged_search(
        "ou=people", "(givenName=mil*)", attributes=["mail"], paged_size=1)
    expect(sorted(page["attributes"]["mail"][0] for page in paged), both)

    connection.search("ou=people", "(cn=mila baker)",
                      attributes=ldap3.ALL_ATTRIBUTES)
    entry = connection.entries[0]
    dn = entry.entry_dn
    assert "person" in [str(name) for name in entry.objectClass]
    assert "jpegPhoto" not in entry
    connection.search(dn, "(objectClass=*)", ldap3.BASE,
                      attributes=["jpegPhoto", "manager"])
    assert connection.entries[0].jpegPhoto.raw_values[0][:2] == b"\xff\xd8"
    connection.search(str(connection.entries[0].manager), "(objectClass=*)",
                      ldap3.BASE, attributes=["cn"])
    expect(str(connection.entries[0].cn), "Miles Smith")

    assert connection.compare(dn, "title", "baker")
    assert not connection.compare(dn, "title", "smith")
    connection.search("uid=gone,ou=people", "(objectClass=*)", ldap3.BASE)
    expect(connection.result["description"], "noSuchObject")
    connection.delete(dn)
    expect(connection.result["description"], "unwillingToPerform")
    expect(mails(connection, "(givenName=mil*)"), both)
    connection.unbind()


def log_in_by_sasl():
    connection = connect(authentication=ldap3.SASL, sasl_mechanism="PLAIN",
                         sasl_credentials=(None, ANN, PASSWORD))
    connection.start_tls()
    assert connection.bind(), connection.result
    expect(connection.extend.standard.who_am_i(), "u:" + ANN)
    connection.unbind()


def refuse():
    connection = connect()
    connection.password = "wrong"
    assert not connection.bind()
    expect(connection.result["description"], "invalidCredentials")


def crowd(count):
    """All of them type the same letters at once."""
    problems = []
    start = threading.Barrier(count)

    def one():
        try:
            connection = connect(auto_bind=ldap3.AUTO_BIND_NO_TLS)
            start.wait()
            for text in "mi", "mil", "mila":
                found = mails(connection, f"(|(cn={text}*)(mail={text}*))")
                assert "mila.baker@postern.example" in found, found
            connection.unbind()
        except (LDAPException, AssertionError, threading.BrokenBarrierError,
                OSError) as problem:
            problems.append(repr(problem))
            start.abort()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems, problems[:3]


if len(sys.argv) > 3:
    crowd(int(sys.argv[3]))
else:
    read_server()
    search()
    log_in_by_sasl()
    refuse()
print("done")
