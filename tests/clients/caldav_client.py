"""caldav_client.py URL [CA-FILE] - uses a calendar through python3-caldav

Each step prints its name once it went well; the first that does not ends the run.
"""
import sys
import urllib.parse
from datetime import date, datetime, timezone

import caldav
from caldav.elements import cdav, dav
from caldav.lib import error

ANN = "ann@postern.example"
BOB = "bob@postern.example"
PASSWORD = "secret"
UTC = timezone.utc

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Tests//EN
BEGIN:VEVENT
UID:%s
DTSTAMP:20261101T080000Z
%s
END:VEVENT
END:VCALENDAR
"""

WEEKS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Tests//EN
BEGIN:VEVENT
UID:weeks
DTSTAMP:20261101T080000Z
DTSTART:20261201T090000Z
DTEND:20261201T100000Z
RRULE:FREQ=WEEKLY;COUNT=6
EXDATE:20261208T090000Z
SUMMARY:Weekly
END:VEVENT
BEGIN:VEVENT
UID:weeks
DTSTAMP:20261101T080000Z
RECURRENCE-ID:20261215T090000Z
DTSTART:20261215T130000Z
DTEND:20261215T140000Z
SUMMARY:Weekly in the afternoon
END:VEVENT
END:VCALENDAR
"""

TODO = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Tests//EN
BEGIN:VTODO
UID:%s
DTSTAMP:20261101T080000Z
%s
END:VTODO
END:VCALENDAR
"""


def at(day, hour=0, month=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def fails(kind, function, *args, **more):
    try:
        function(*args, **more)
    except kind:
        return
    raise AssertionError("%r has not failed" % function)


def event(calendar, uid, *lines):
    return calendar.save_event(EVENT % (uid, "\n".join(lines)))


def summaries(objects, component="vevent"):
    return sorted(str(getattr(each.vobject_instance, component).summary.value)
                  for each in objects)


def by_component(principal, wanted):
    for calendar in principal.calendars():
        if calendar.get_supported_components() == [wanted]:
            return calendar
    raise AssertionError("there is no calendar for %s" % wanted)


# --- Steps ---------------------------------------------------------------------


def discover(the):
    the.principal = the.client.principal()
    assert "mailto:" + ANN in the.principal.calendar_user_address_set()
    assert the.principal.get_display_name() == "Ann Example"
    names = [str(calendar.get_display_name())
             for calendar in the.principal.calendars()]
    assert "Calendar" in names and "Tasks" in names, names
    the.calendar = by_component(the.principal, "VEVENT")
    the.tasks = by_component(the.principal, "VTODO")
    assert the.client.check_dav_support()
    assert the.client.check_cdav_support()
    assert the.client.check_scheduling_support()


def make_and_read(the):
    made = event(the.calendar, "one", "DTSTART:20261201T100000Z",
                 "DTEND:20261201T110000Z", "SUMMARY:One", "LOCATION:Room",
                 "X-EXAMPLE:kept")
    again = the.calendar.event_by_url(made.url)
    assert "X-EXAMPLE:kept" in again.data, again.data
    assert "LOCATION:Room" in again.data, again.data
    assert the.calendar.event_by_uid("one").url == made.url
    fails(error.NotFoundError, the.calendar.event_by_uid, "nobody")
    fails(error.NotFoundError, the.calendar.event_by_url, str(made.url) + "x")
    assert summaries(the.calendar.events()) == ["One"]
    fails(error.ConsistencyError, the.calendar.save_event, made.data,
          no_overwrite=True)


def edit(the):
    one = the.calendar.event_by_uid("one")
    one.vobject_instance.vevent.summary.value = "Eins, zwei; \\ drei"
    one.save()
    again = the.calendar.event_by_uid("one")
    value = again.vobject_instance.vevent.summary.value
    assert value == "Eins, zwei; \\ drei", value
    assert "X-EXAMPLE:kept" in again.data, again.data


def unicode(the):
    text = "Grüße \u2014 \U0001f382 \u5317\u4eac " + "\u00e4" * 200
    event(the.calendar, "unicode", "DTSTART:20261202T080000Z",
          "DTEND:20261202T090000Z", "SUMMARY:" + text,
          "DESCRIPTION:" + text + "\\n\\nEnde",
          "LOCATION:\u0391\u03b8\u03ae\u03bd\u03b1")
    found = the.calendar.event_by_uid("unicode").vobject_instance.vevent
    assert found.summary.value == text, found.summary.value
    assert found.description.value == text + "\n\nEnde"
    assert found.location.value == "\u0391\u03b8\u03ae\u03bd\u03b1"
    the.calendar.event_by_uid("unicode").delete()
    fails(error.NotFoundError, the.calendar.event_by_uid, "unicode")


def all_day(the):
    event(the.calendar, "days", "DTSTART;VALUE=DATE:20261224",
          "DTEND;VALUE=DATE:20261227", "SUMMARY:Christmas")
    found = the.calendar.event_by_uid("days").vobject_instance.vevent
    assert found.dtstart.value == date(2026, 12, 24), found.dtstart
    assert found.dtend.value == date(2026, 12, 27), found.dtend
    days = the.calendar.search(event=True, start=at(26, 12), end=at(26, 13))
    assert summaries(days) == ["Christmas"]
    assert not the.calendar.search(event=True, start=at(28), end=at(29))


def series(the):
    the.calendar.save_event(WEEKS)
    whole = the.calendar.search(event=True, start=at(15), end=at(16))
    assert len(whole) == 1 and "RRULE" in whole[0].data
    assert "RECURRENCE-ID" in whole[0].data
    expanded = the.calendar.search(event=True, expand=True, start=at(1),
                                   end=at(31))
    weekly = [each.vobject_instance.vevent for each in expanded]
    starts = sorted(each.dtstart.value for each in weekly
                    if each.summary.value.startswith("Weekly"))
    assert starts == [at(1, 9), at(15, 13), at(22, 9), at(29, 9)], starts
    assert all("RRULE" not in each.data for each in expanded)
    assert not the.calendar.search(event=True, start=at(8), end=at(9))


def exception(the):
    weeks = the.calendar.event_by_uid("weeks")
    for each in weeks.vobject_instance.vevent_list:
        if hasattr(each, "recurrence_id"):
            each.summary.value = "Weekly in the evening"
    weeks.save()
    found = the.calendar.search(event=True, expand=True, start=at(15),
                                end=at(16))
    assert summaries(found) == ["Weekly in the evening"], summaries(found)


def endless(the):
    event(the.calendar, "endless", "DTSTART:20200101T060000Z",
          "DTEND:20200101T063000Z", "RRULE:FREQ=DAILY", "SUMMARY:Every day")
    found = the.calendar.search(event=True, expand=True,
                                start=datetime(2031, 3, 3, tzinfo=UTC),
                                end=datetime(2031, 3, 6, tzinfo=UTC))
    assert summaries(found) == ["Every day"] * 3, summaries(found)
    the.calendar.event_by_uid("endless").delete()


def filters(the):
    event(the.calendar, "red", "DTSTART:20261203T100000Z",
          "DTEND:20261203T110000Z", "SUMMARY:Pay the RENT",
          "CATEGORIES:Red,Home")
    search = the.calendar.search
    assert summaries(search(event=True, summary="RENT")) == ["Pay the RENT"]
    assert not search(event=True, summary="rent")
    assert summaries(search(event=True, category="Home")) == ["Pay the RENT"]
    assert summaries(search(event=True, uid="red")) == ["Pay the RENT"]
    missing = cdav.PropFilter("CATEGORIES") + cdav.NotDefined()
    found = summaries(search(event=True, filters=[missing]))
    assert "Weekly" in found and "Pay the RENT" not in found, found


def multiget(the):
    urls = [each.url for each in the.calendar.events()]
    found = the.calendar.calendar_multiget(urls)
    assert len(found) == len(urls) == 4, urls
    assert all("BEGIN:VEVENT" in each.data for each in found)


def synchronize(the):
    collection = the.calendar.objects(load_objects=True)
    before = len(list(collection))
    assert collection.sync() == ([], [])
    event(the.calendar, "new", "DTSTART:20261204T100000Z",
          "DTEND:20261204T110000Z", "SUMMARY:New")
    red = the.calendar.event_by_uid("red")
    red.vobject_instance.vevent.summary.value = "Paid"
    red.save()
    the.calendar.event_by_uid("days").delete()
    updated, deleted = collection.sync()
    assert summaries(updated) == ["New", "Paid"], summaries(updated)
    assert [each.url.path.split("/")[-1] for each in deleted] == ["days.ics"]
    assert len(list(collection)) == before
    assert collection.sync() == ([], [])
    fails(error.DAVError, the.calendar.objects,
          sync_token="data:,nothing-of-ours")


def todos(the):
    def task(uid, *lines):
        return the.tasks.save_todo(TODO % (uid, "\n".join(lines)))

    task("bread", "SUMMARY:Bread", "DUE;VALUE=DATE:20261205", "PRIORITY:1",
         "CATEGORIES:Shop", "PERCENT-COMPLETE:20")
    task("wine", "SUMMARY:Wine", "DUE;VALUE=DATE:20261206")
    assert summaries(the.tasks.todos(), "vtodo") == ["Bread", "Wine"]
    bread = the.tasks.todo_by_uid("bread").vobject_instance.vtodo
    assert bread.priority.value == "1", bread.priority.value
    assert bread.due.value == date(2026, 12, 5), bread.due.value
    assert bread.percent_complete.value == "20"
    the.tasks.todo_by_uid("wine").complete()
    assert summaries(the.tasks.todos(), "vtodo") == ["Bread"]
    done = the.tasks.todos(include_completed=True)
    assert summaries(done, "vtodo") == ["Bread", "Wine"]
    assert "STATUS:COMPLETED" in the.tasks.todo_by_uid("wine").data
    fails(error.DAVError, event, the.tasks, "misplaced",
          "DTSTART:20261204T100000Z", "SUMMARY:Misplaced")
    the.tasks.todo_by_uid("bread").delete()


def busy(the):
    answer = the.calendar.freebusy_request(at(1), at(3))
    text = answer.data
    assert "BEGIN:VFREEBUSY" in text, text
    assert "20261201T090000Z/20261201T110000Z" in text, text


def busy_of_others(the):
    the.principal.freebusy_request(at(1), at(3), [ANN, BOB])
    response = the.client.post(
        the.principal.schedule_outbox().url, BUSY,
        headers={"Content-Type": "text/calendar; charset=utf-8"})
    assert response.status == 200, response.status
    raw = str(response.raw)
    assert raw.count("/C:response>") == 3, raw
    assert raw.count("BEGIN:VFREEBUSY") == 2, raw
    assert "FREEBUSY;FBTYPE=BUSY" in raw or "FREEBUSY:" in raw, raw
    assert "3.7;" in raw, raw


BUSY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Tests//EN
METHOD:REQUEST
BEGIN:VFREEBUSY
UID:busy
DTSTAMP:20261101T080000Z
DTSTART:20261201T000000Z
DTEND:20261203T000000Z
ORGANIZER:mailto:ann@postern.example
ATTENDEE:mailto:ann@postern.example
ATTENDEE:mailto:bob@postern.example
ATTENDEE:mailto:nobody@postern.example
END:VFREEBUSY
END:VCALENDAR
""".replace("\n", "\r\n")


def invite(the):
    # Nobody is told of what is over.
    text = EVENT % ("meeting", "DTSTART:21261210T100000Z\n"
                    "DTEND:21261210T110000Z\nSUMMARY:Meeting")
    the.calendar.save_with_invites(text, [the.principal, BOB])
    found = [each for each in the.bob.events()
             if "SUMMARY:Meeting" in each.data]
    assert len(found) == 1
    assert "PARTSTAT=NEEDS-ACTION" in found[0].data, found[0].data


def answer(the):
    found = [each for each in the.bob.events()
             if "SUMMARY:Meeting" in each.data][0]
    found.change_attendee_status(attendee=BOB, partstat="ACCEPTED")
    found.save()
    mine, = the.calendar.search(event=True, summary="Meeting")
    text = mine.data.replace("\r\n", "\n").replace("\n ", "")
    assert "PARTSTAT=ACCEPTED" in text, text


def cancel(the):
    the.calendar.event_by_uid("meeting").delete()
    for each in the.bob.events():
        if "Meeting" in each.data:
            assert "STATUS:CANCELLED" in each.data, each.data


def make_a_calendar(the):
    made = the.principal.make_calendar(name="Garden", cal_id="garden-1")
    event(made, "hedge", "DTSTART:20261204T100000Z",
          "DTEND:20261204T110000Z", "SUMMARY:Cut the hedge")
    assert "Garden" in [str(each.get_display_name())
                        for each in the.principal.calendars()]
    made.set_properties([dav.DisplayName("Yard"),
                         cdav.CalendarDescription("What grows")])
    got = made.get_properties([dav.DisplayName(), cdav.CalendarDescription()])
    assert list(got.values()) == ["Yard", "What grows"], got
    assert summaries(made.events()) == ["Cut the hedge"]
    made.delete()
    assert "Yard" not in [str(each.get_display_name())
                          for each in the.principal.calendars()]


def refusals(the):
    fails(error.DAVError, event, the.calendar, "hourly",
          "DTSTART:20261204T100000Z", "DTEND:20261204T100500Z",
          "RRULE:FREQ=HOURLY", "SUMMARY:Hourly")
    wrong = caldav.DAVClient(the.url, username=ANN, password="wrong",
                             ssl_verify_cert=the.verify)
    fails(error.AuthorizationError, wrong.principal)


STEPS = [discover, make_and_read, edit, unicode, all_day, series, exception,
         endless, filters, multiget, synchronize, todos, busy, busy_of_others,
         invite, answer, cancel, make_a_calendar, refusals]


class Scene:
    """What the steps have in common."""

    def __init__(self, url, verify):
        self.url = url
        self.verify = verify
        self.client = caldav.DAVClient(url, username=ANN, password=PASSWORD,
                                       ssl_verify_cert=verify)
        root = urllib.parse.urljoin(url, "/")
        bob = caldav.DAVClient(root, username=BOB, password=PASSWORD,
                               ssl_verify_cert=verify)
        self.bob = by_component(bob.principal(), "VEVENT")


def main():
    verify = sys.argv[2] if len(sys.argv) > 2 else True
    scene = Scene(sys.argv[1], verify)
    for step in STEPS:
        step(scene)
        print(step.__name__, flush=True)
    print("done")


main()
