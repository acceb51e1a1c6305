"""evolution_client.py URL CA [OAB] - Evolution's back ends keep a calendar, tasks, contacts

Or, with the address of an offline address book, they read that.

Runs evolution-data-server with evolution-ews on a message bus of its own, with no
window and no key ring, all of it below HOME.  Each step prints its name once it went
well; the first that does not ends the run.  EWS_DEBUG=2 shows what Exchange is asked
and answers.
"""
import faulthandler
import os
import subprocess
import sys
import tempfile
import threading
import time

SECONDS = 180   # for one thing
PATIENCE = 300  # for all of them
OPENING = 8     # for opening, the first time
GROWTH = 1.2    # as much longer each time
STARTING = 150  # for starting again and again
STUCK = 75      # the exit code of what does not open
ANN = "ann@postern.example"
ACCOUNT = "ann"

SOURCE = f"""[Data Source]
DisplayName=Ann
Enabled=true
Parent=

[Collection]
BackendName=ews
Identity={ANN}
CalendarEnabled=true
ContactsEnabled=true
MailEnabled=false

[Authentication]
Host=localhost
Method=PLAIN
User={ANN}
RememberPassword=false

[Ews Backend]
Hosturl=%s
Email={ANN}
ListenNotifications=false
"""
BOOK = "Global Address List"
BOOK_SETTINGS = f"Oaburl=%soab.xml\nOabOffline=true\nOalSelected=%s:{BOOK}\n"
BOOK_ID = "c1d0a1b6-0f6e-4f0e-9f52-7a52a0d1c3f4"

# A bus that starts the back ends, and no key ring.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <servicedir>%s</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="service_start_timeout">300000</limit>
</busconfig>
"""
SERVICE = "[D-BUS Service]\nName=org.gnome.evolution.dataserver.%s\nExec=%s\n"
SERVICES = (("Sources5", "/usr/libexec/evolution-source-registry"),
            ("Calendar8", "/usr/libexec/evolution-calendar-factory"),
            ("AddressBook10", "/usr/libexec/evolution-addressbook-factory"))


# --- A bus of its own --------------------------------------------------------------

def write(path, text):
    path = os.path.join(os.environ["HOME"], path)
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def start_bus(url, opening):
    """Starts this script again, where nothing is known but the account."""
    for name in list(os.environ):
        if name.startswith("XDG_") or name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            del os.environ[name]
    home = os.environ["HOME"] = tempfile.mkdtemp(dir=os.environ["HOME"])
    os.mkdir(os.path.join(home, "run"), mode=0o700)
    os.environ.update(
        XDG_RUNTIME_DIR=os.path.join(home, "run"), GSETTINGS_BACKEND="memory",
        GIO_USE_NETWORK_MONITOR="base", GIO_USE_VFS="local", EVOLUTION_CLIENT=str(opening),
    )
    more = BOOK_SETTINGS % (sys.argv[3], BOOK_ID) if len(sys.argv) > 3 else ""
    write(f".config/evolution/sources/{ACCOUNT}.source", SOURCE % url + more)
    write("bus.conf", BUS % os.path.join(home, "services"))
    for name, program in SERVICES:
        write(f"services/{name}.service", SERVICE % (name, program))
    return subprocess.call([
        "dbus-run-session", "--config-file", os.path.join(home, "bus.conf"), "--",
        sys.executable, "-B", *sys.argv,
    ])


def keep_starting():
    """Starts it until its folders open: some never get to ask Exchange anything.

    How long that may take is not known beforehand, as the machine may be busy.
    """
    directory = os.environ["HOME"]
    end = time.monotonic() + STARTING
    status = STUCK
    opening = OPENING
    while status == STUCK and time.monotonic() < end:
        os.environ["HOME"] = directory
        status = start_bus(sys.argv[1], opening)
        opening *= GROWTH
    return status


if "EVOLUTION_CLIENT" not in os.environ:
    sys.exit(keep_starting())

import gi  # noqa: E402

for name, version in (("EDataServer", "1.2"), ("ECal", "2.0"), ("EBook", "1.2"),
                      ("EBookContacts", "1.2"), ("ICalGLib", "3.0")):
    gi.require_version(name, version)
from gi.repository import (  # noqa: E402
    EBook, EBookContacts, ECal, EDataServer, Gio, GLib, ICalGLib,
)

STATUS = EDataServer.SourceConnectionStatus
WAITING = (STATUS.AWAITING_CREDENTIALS, STATUS.SSL_FAILED)
NO_WAIT = 2 ** 32 - 1
ONE = ECal.ObjModType.THIS
ALL = ECal.ObjModType.ALL
PLAIN = ECal.OperationFlags.NONE
ZONE = ICalGLib.Timezone.get_builtin_timezone("Europe/Berlin")
TZID = ZONE.get_tzid()


def until(look, what):
    """Waits for what is true at last, and returns it."""
    end = time.monotonic() + SECONDS
    while not (found := look()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.1)
    return found


# --- The account -------------------------------------------------------------------

def trust(source, pem, authority):
    """What a user who looks at the certificate says, who knows the authority."""
    certificate = Gio.TlsCertificate.new_from_pem(pem, -1)
    assert certificate.verify(Gio.NetworkAddress.new("localhost", 0), authority) == 0
    settings = source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND)
    settings.update_ssl_trust("localhost", certificate,
                              EDataServer.TrustPromptResponse.ACCEPT)
    return settings.get_ssl_trust()


def answer(source, credentials, authority):
    """Gives the password to a source that waits for it."""
    _, reason, pem, *_ = source.get_last_credentials_required_arguments_sync(None)
    assert reason != EDataServer.SourceCredentialsReason.REJECTED, "refused"
    if pem:
        credentials.set("ssl-trust", trust(source, pem, authority))
    source.invoke_authenticate_sync(credentials, None)


def keep_answering(registry, authority):
    credentials = EDataServer.NamedParameters()
    credentials.set("username", ANN)
    credentials.set("password", "secret")
    while True:
        for source in registry.list_sources(None):
            if ACCOUNT in (source.get_uid(), source.get_parent()) \
                    and source.get_connection_status() in WAITING:
                answer(source, credentials, authority)
        time.sleep(0.2)


def log_in(authority):
    registry = EDataServer.SourceRegistry.new_sync(None)
    threading.Thread(target=keep_answering, args=(registry, authority),
                     daemon=True).start()
    account = registry.ref_source(ACCOUNT)
    until(lambda: account.get_connection_status() == STATUS.CONNECTED, "the account")
    return registry


def source_of(registry, extension, name):
    def look():
        return [source for source in registry.list_sources(extension)
                if source.get_parent() == ACCOUNT
                and source.get_display_name() == name]
    return until(look, name)[0]


def open_folder(registry, extension, name, connect, *kind):
    source = source_of(registry, extension, name)
    client = connect(source, *kind, NO_WAIT, None)
    until(lambda: source.get_connection_status() == STATUS.CONNECTED, name)
    return client


def open_all(registry):
    return (
        open_folder(registry, EDataServer.SOURCE_EXTENSION_CALENDAR, "Calendar",
                    ECal.Client.connect_sync, ECal.ClientSourceType.EVENTS),
        open_folder(registry, EDataServer.SOURCE_EXTENSION_TASK_LIST, "Tasks",
                    ECal.Client.connect_sync, ECal.ClientSourceType.TASKS),
        open_folder(registry, EDataServer.SOURCE_EXTENSION_ADDRESS_BOOK, "Contacts",
                    EBook.BookClient.connect_sync),
    )


# --- Calendars and tasks -----------------------------------------------------------

def named(client, summary):
    """The components of a summary: events, series and their exceptions, or tasks."""
    return [one for one in client.get_object_list_sync("#t", None)[1]
            if one.get_summary() == summary]


def wait_for(client, summary):
    return until(lambda: named(client, summary), summary)[0]


def wait_gone(client, summary):
    until(lambda: not named(client, summary), f"the end of {summary}")


def create(client, kind, *lines):
    text = "\r\n".join((f"BEGIN:{kind}", *lines, f"END:{kind}", ""))
    component = ICalGLib.Component.new_from_string(text)
    _, uid = client.create_object_sync(component, PLAIN, None)
    assert uid, lines


def start_of(component):
    return component.get_dtstart().as_ical_string()


def list_events(calendar):
    series = until(lambda: named(calendar, "Bakery"), "Bakery")[0]
    rule = series.get_first_property(ICalGLib.PropertyKind.RRULE_PROPERTY)
    assert "FREQ=WEEKLY" in rule.as_ical_string(), rule.as_ical_string()
    assert "COUNT=4" in rule.as_ical_string(), rule.as_ical_string()
    assert start_of(series) == "20240506T080000", start_of(series)
    moved = wait_for(calendar, "Bakery, late")
    assert start_of(moved) == "20240513T110000", start_of(moved)
    assert moved.get_recurrenceid().as_ical_string().startswith("20240513"), moved
    assert moved.get_uid() == series.get_uid()


def create_event(calendar):
    create(calendar, "VEVENT", "UID:dentist@example.org", "DTSTAMP:20240501T080000Z",
           "DTSTART:20240506T090000Z", "DTEND:20240506T100000Z", "SUMMARY:Dentist",
           "LOCATION:Room 1", "DESCRIPTION:Bring the card", "CATEGORIES:Health",
           "TRANSP:OPAQUE", "CLASS:PRIVATE", "BEGIN:VALARM", "ACTION:DISPLAY",
           "DESCRIPTION:Dentist", "TRIGGER:-PT30M", "END:VALARM")
    event = wait_for(calendar, "Dentist")
    assert event.get_location() == "Room 1", event.as_ical_string()
    assert "Bring the card" in event.get_description(), event.as_ical_string()


def change_event(calendar):
    event = wait_for(calendar, "Dentist")
    event.set_location("Room 2")
    event.set_dtend(ICalGLib.Time.new_from_string("20240506T103000Z"))
    calendar.modify_object_sync(event, ALL, PLAIN, None)
    until(lambda: wait_for(calendar, "Dentist").get_location() == "Room 2", "Room 2")


def create_all_day(calendar):
    create(calendar, "VEVENT", "UID:holiday@example.org", "DTSTAMP:20240501T080000Z",
           "DTSTART;VALUE=DATE:20240520", "DTEND;VALUE=DATE:20240521",
           "SUMMARY:Holiday", "TRANSP:TRANSPARENT")
    event = wait_for(calendar, "Holiday")
    assert start_of(event) == "20240520", event.as_ical_string()


def create_series(calendar):
    calendar.add_timezone_sync(ZONE, None)
    create(calendar, "VEVENT", "UID:choir@example.org", "DTSTAMP:20240501T080000Z",
           f"DTSTART;TZID={TZID}:20240513T140000", f"DTEND;TZID={TZID}:20240513T150000",
           "SUMMARY:Choir", "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=MO")
    series = wait_for(calendar, "Choir")
    assert start_of(series) == "20240513T140000", series.as_ical_string()


def replace(component, kind, text=None):
    found = component.get_first_property(kind)
    if found:
        component.remove_property(found)
    if text:
        component.add_property(ICalGLib.Property.new_from_string(text))


def change_occurrence(calendar):
    # As Evolution's editor has it: the series itself with what makes it the one.
    one = wait_for(calendar, "Choir").clone()
    kinds = ICalGLib.PropertyKind
    replace(one, kinds.RRULE_PROPERTY)
    replace(one, kinds.RECURRENCEID_PROPERTY,
            f"RECURRENCE-ID;TZID={TZID}:20240520T140000")
    replace(one, kinds.DTSTART_PROPERTY, f"DTSTART;TZID={TZID}:20240521T090000")
    replace(one, kinds.DTEND_PROPERTY, f"DTEND;TZID={TZID}:20240521T100000")
    one.set_summary("Choir, elsewhere")
    calendar.modify_object_sync(one, ONE, PLAIN, None)
    moved = wait_for(calendar, "Choir, elsewhere")
    assert start_of(moved) == "20240521T090000", moved.as_ical_string()


def delete_occurrence(calendar):
    series = wait_for(calendar, "Choir")
    calendar.remove_object_sync(series.get_uid(), "20240527T140000", ONE, PLAIN, None)

    def left_out():
        dates = wait_for(calendar, "Choir").get_first_property(
            ICalGLib.PropertyKind.EXDATE_PROPERTY)
        return dates and "20240527" in dates.as_ical_string()
    until(left_out, "an occurrence less")


def delete_event(calendar):
    create(calendar, "VEVENT", "UID:gone@example.org", "DTSTAMP:20240501T080000Z",
           "DTSTART:20240507T090000Z", "DTEND:20240507T100000Z", "SUMMARY:Gone")
    event = wait_for(calendar, "Gone")
    calendar.remove_object_sync(event.get_uid(), None, ALL, PLAIN, None)
    wait_gone(calendar, "Gone")


def list_tasks(tasks):
    task = wait_for(tasks, "Order flour")
    assert task.get_due().as_ical_string().startswith("20240508"), task.as_ical_string()


def create_task(tasks):
    create(tasks, "VTODO", "UID:plants@example.org", "DTSTAMP:20240501T080000Z",
           "DTSTART;VALUE=DATE:20240507", "DUE;VALUE=DATE:20240508",
           "SUMMARY:Water the plants", "STATUS:IN-PROCESS", "PERCENT-COMPLETE:40",
           "PRIORITY:1")
    task = wait_for(tasks, "Water the plants")
    assert task.get_status() == ICalGLib.PropertyStatus.INPROCESS, task.as_ical_string()


def complete_task(tasks):
    task = wait_for(tasks, "Water the plants")
    percent = task.get_first_property(
        ICalGLib.PropertyKind.PERCENTCOMPLETE_PROPERTY)
    percent.set_percentcomplete(100)
    task.set_status(ICalGLib.PropertyStatus.COMPLETED)
    task.add_property(ICalGLib.Property.new_completed(
        ICalGLib.Time.new_from_string("20240508T120000Z")))
    tasks.modify_object_sync(task, ALL, PLAIN, None)
    until(lambda: wait_for(tasks, "Water the plants").get_status()
          == ICalGLib.PropertyStatus.COMPLETED, "the end of a task")


def delete_task(tasks):
    create(tasks, "VTODO", "UID:gone@example.org", "DTSTAMP:20240501T080000Z",
           "SUMMARY:Gone")
    task = wait_for(tasks, "Gone")
    tasks.remove_object_sync(task.get_uid(), None, ALL, PLAIN, None)
    wait_gone(tasks, "Gone")


# --- Contacts ----------------------------------------------------------------------

def field(contact, which):
    return contact.get_property(which)


def people(book, name):
    query = EBookContacts.BookQuery.any_field_contains("").to_string()
    return [one for one in book.get_contacts_sync(query, None)[1]
            if field(one, "full-name") == name]


def wait_person(book, name):
    return until(lambda: people(book, name), name)[0]


def create_person(book, *lines):
    text = "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))
    contact = EBookContacts.Contact.new_from_vcard(text)
    book.add_contact_sync(contact, EBookContacts.BookOperationFlags.NONE, None)


def list_contacts(book):
    person = wait_person(book, "Carla Becker")
    assert field(person, "email-1") == "carla@example.org", field(person, "email-1")


def create_contact(book):
    create_person(book, "FN:Clara Schmidt", "N:Schmidt;Clara;;;",
                  "X-EVOLUTION-FILE-AS:Schmidt\\, Clara", "ORG:Mill",
                  "EMAIL;TYPE=WORK:clara@example.org", "TEL;TYPE=CELL:+49 1",
                  "ADR;TYPE=HOME:;;Am Markt 1;Halle;;06108;Germany",
                  "BDAY:1980-04-12", "NOTE:Knows bread")
    person = wait_person(book, "Clara Schmidt")
    assert field(person, "email-1") == "clara@example.org", field(person, "email-1")
    assert field(person, "mobile-phone") == "+49 1", field(person, "mobile-phone")
    assert field(person, "org") == "Mill", field(person, "org")


def change_contact(book):
    person = wait_person(book, "Clara Schmidt")
    person.set_property("mobile-phone", "+49 2")
    person.set_property("nickname", "C")
    book.modify_contact_sync(person, EBookContacts.BookOperationFlags.NONE, None)
    until(lambda: field(wait_person(book, "Clara Schmidt"), "mobile-phone") == "+49 2",
          "another number")


def delete_contact(book):
    create_person(book, "FN:Gone Person", "N:Person;Gone;;;")
    person = wait_person(book, "Gone Person")
    book.remove_contact_sync(person, EBookContacts.BookOperationFlags.NONE, None)
    until(lambda: not people(book, "Gone Person"), "the end of a contact")


# --- The offline address book -------------------------------------------------------

def open_book(registry):
    return (open_folder(registry, EDataServer.SOURCE_EXTENSION_ADDRESS_BOOK, BOOK,
                        EBook.BookClient.connect_sync),)


def read_book(book):
    person = wait_person(book, "Zoë Zwölf")
    for which, text in (("email-1", "zoe@postern.example"), ("title", "Miller"),
                        ("org-unit", "Mill"), ("business-phone", "+49 1"),
                        ("office", "Tower 9"), ("given-name", "Zoë"),
                        ("family-name", "Zwölf")):
        assert field(person, which) == text, (which, field(person, which))


def read_everybody(book):
    query = EBookContacts.BookQuery.any_field_contains("").to_string()
    until(lambda: len(book.get_contacts_sync(query, None)[1]) == 52, "everybody")


# --- All of it ---------------------------------------------------------------------

def run(steps, client):
    for step in steps:
        step(client)
        print(step.__name__, "ok", flush=True)


def start(open_folders):
    """Logs in and opens the folders, or ends with STUCK when it takes too long."""
    late = threading.Timer(float(os.environ["EVOLUTION_CLIENT"]), os._exit, [STUCK])
    late.start()
    authority = Gio.TlsCertificate.new_from_file(sys.argv[2])
    threading.Thread(target=GLib.MainLoop().run, daemon=True).start()
    folders = open_folders(log_in(authority))
    late.cancel()
    return folders


def main():
    if len(sys.argv) > 3:
        book, = start(open_book)
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        run((read_book, read_everybody), book)
        print("done")
        return
    calendar, tasks, book = start(open_all)
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    run((list_events, create_event, change_event, create_all_day, create_series,
         change_occurrence, delete_occurrence, delete_event), calendar)
    run((list_tasks, create_task, complete_task, delete_task), tasks)
    run((list_contacts, create_contact, change_contact, delete_contact), book)
    print("done")


main()
