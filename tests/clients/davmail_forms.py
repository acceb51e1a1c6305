"""davmail_forms.py CALDAV-PORT - keeps a calendar and contacts through DavMail

Each step prints its name once it went well; the first that does not ends the run.
"""
import base64
import http.client
import re
import sys

ANN = "ann@postern.example"
PASSWORD = "secret"
LOGIN = "Basic " + base64.b64encode(f"{ANN}:{PASSWORD}".encode()).decode()
CALENDAR = f"/users/{ANN}/calendar/"
CONTACTS = f"/users/{ANN}/contacts/"

ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


class Dav:
    def __init__(self, port):
        self.port = port

    def ask(self, method, path, body="", kind="text/xml", depth="1"):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        link.request(method, path, body.encode(), {
            "Authorization": LOGIN, "Content-Type": kind, "Depth": depth})
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        return answer.status, text

    def good(self, *args, **named):
        status, text = self.ask(*args, **named)
        assert 200 <= status < 300, (args[:2], status, text)
        return text

    def names(self, folder):
        text = self.good("PROPFIND", folder, """<?xml version="1.0"?>
            <D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>""")
        return [one.rsplit("/", 1)[1] for one in re.findall(
            r"href>([^<]*)</[^>]*href>", text) if one.endswith((".ics", ".EML", ".vcf"))]


def calendar(*events):
    text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n" + ZONE
    for event in events:
        text += "BEGIN:VEVENT\n" + event + "END:VEVENT\n"
    return (text + "END:VCALENDAR\n").replace("\n", "\r\n")


def unfold(text):
    return text.replace("\r\n ", "").replace("\r\n", "\n")


def expect(text, *lines):
    for name, value in lines:
        assert re.search(rf"^{name}(;[^:\n]*)?:{re.escape(value)}$", text, re.M), \
            (name, value, text)


def single(dav):
    event = ("UID:single@example.org\nDTSTAMP:20240101T000000Z\nSUMMARY:Dentist\n"
             "DTSTART;TZID=Europe/Berlin:20240506T090000\n"
             "DTEND;TZID=Europe/Berlin:20240506T100000\nLOCATION:Room 1\n")
    dav.good("PUT", CALENDAR + "single.ics", calendar(event), kind="text/calendar")
    assert len(dav.names(CALENDAR)) == 1, dav.names(CALENDAR)
    text = unfold(dav.good("GET", CALENDAR + "single.ics"))
    expect(text, ("UID", "single@example.org"), ("SUMMARY", "Dentist"),
           ("DTSTART", "20240506T090000"), ("LOCATION", "Room 1"))
    dav.good("PUT", CALENDAR + "single.ics", calendar(
        event.replace("Dentist", "Dentist again")), kind="text/calendar")
    text = unfold(dav.good("GET", CALENDAR + "single.ics"))
    expect(text, ("SUMMARY", "Dentist again"))
    dav.good("DELETE", CALENDAR + "single.ics")
    assert dav.names(CALENDAR) == []


def series(dav):
    master = ("UID:series@example.org\nDTSTAMP:20240101T000000Z\nSUMMARY:Choir\n"
              "DTSTART;TZID=Europe/Berlin:20240506T180000\n"
              "DTEND;TZID=Europe/Berlin:20240506T190000\n"
              "RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO\n"
              "EXDATE;TZID=Europe/Berlin:20240520T180000\n")
    moved = ("UID:series@example.org\nDTSTAMP:20240101T000000Z\nSUMMARY:Choir early\n"
             "RECURRENCE-ID;TZID=Europe/Berlin:20240513T180000\n"
             "DTSTART;TZID=Europe/Berlin:20240513T160000\n"
             "DTEND;TZID=Europe/Berlin:20240513T170000\n")
    dav.good("PUT", CALENDAR + "series.ics", calendar(master, moved),
             kind="text/calendar")
    text = unfold(dav.good("GET", CALENDAR + "series.ics"))
    assert "FREQ=WEEKLY" in text and "COUNT=5" in text, text
    expect(text, ("EXDATE", "20240520T180000"), ("SUMMARY", "Choir early"),
           ("RECURRENCE-ID", "20240513T160000Z"), ("DTSTART", "20240513T160000"))
    dav.good("DELETE", CALENDAR + "series.ics")
    assert dav.names(CALENDAR) == []


def all_day(dav):
    dav.good("PUT", CALENDAR + "day.ics", calendar(
        "UID:day@example.org\nDTSTAMP:20240101T000000Z\nSUMMARY:Holiday\n"
        "DTSTART;VALUE=DATE:20240520\nDTEND;VALUE=DATE:20240521\n"
        "TRANSP:TRANSPARENT\n"), kind="text/calendar")
    text = unfold(dav.good("GET", CALENDAR + "day.ics"))
    expect(text, ("DTSTART", "20240520"), ("DTEND", "20240521"))
    dav.good("DELETE", CALENDAR + "day.ics")


def todo(dav):
    text = ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\nBEGIN:VTODO\n"
            "UID:todo@example.org\nDTSTAMP:20240101T000000Z\nSUMMARY:Water\n"
            "DUE;VALUE=DATE:20240508\nSTATUS:IN-PROCESS\nPERCENT-COMPLETE:40\n"
            "END:VTODO\nEND:VCALENDAR\n").replace("\n", "\r\n")
    dav.good("PUT", CALENDAR + "todo.ics", text, kind="text/calendar")
    text = unfold(dav.good("GET", CALENDAR + "todo.ics"))
    expect(text, ("SUMMARY", "Water"), ("PERCENT-COMPLETE", "40"))
    assert "20240508" in text, text
    dav.good("DELETE", CALENDAR + "todo.ics")


def contact(dav):
    card = ("BEGIN:VCARD\nVERSION:3.0\nUID:clara@example.org\nFN:Clara Schmidt\n"
            "N:Schmidt;Clara;;;\nEMAIL;TYPE=work:clara@example.org\n"
            "TEL;TYPE=cell:+49 1\nADR;TYPE=home:;;Am Markt 1;Halle;;06108;Germany\n"
            "NOTE:Bakes\nEND:VCARD\n").replace("\n", "\r\n")
    dav.good("PUT", CONTACTS + "clara.vcf", card, kind="text/vcard")
    assert len(dav.names(CONTACTS)) == 1, dav.names(CONTACTS)
    text = unfold(dav.good("GET", CONTACTS + "clara.vcf"))
    for line in ("FN:Clara Schmidt", "clara@example.org", "+49 1", "Am Markt 1",
                 "NOTE:Bakes"):
        assert line in text, (line, text)
    dav.good("PUT", CONTACTS + "clara.vcf", card.replace("+49 1", "+49 2"),
             kind="text/vcard")
    assert "+49 2" in dav.good("GET", CONTACTS + "clara.vcf")
    dav.good("DELETE", CONTACTS + "clara.vcf")
    assert dav.names(CONTACTS) == []


def main():
    dav = Dav(int(sys.argv[1]))
    for step in (single, all_day, series, todo, contact):
        step(dav)
        print(step.__name__, flush=True)
    print("done")


main()
