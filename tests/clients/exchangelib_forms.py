"""exchangelib_forms.py URL - python3-exchangelib keeps a calendar, tasks, contacts

Each step prints its name once it went well; the first that does not ends the run.
"""
import sys
from decimal import Decimal

from exchangelib import (
    DELEGATE, Account, Attendee, CalendarItem, Configuration, Contact, Credentials,
    DistributionList, EWSDate, EWSDateTime, EWSTimeZone, FileAttachment, Mailbox, Task,
)
from exchangelib.errors import ErrorOccurrenceCrossingBoundary, ErrorItemNotFound
from exchangelib.indexed_properties import EmailAddress, PhoneNumber, PhysicalAddress
from exchangelib.properties import Member
from exchangelib.items import AcceptItem
from exchangelib.recurrence import DailyPattern, Recurrence, WeeklyPattern

ANN = "ann@postern.example"
BOB = "bob@postern.example"
PASSWORD = "secret"
BERLIN = EWSTimeZone("Europe/Berlin")


def log_in(url, address):
    configuration = Configuration(
        service_endpoint=url, credentials=Credentials(address, PASSWORD),
    )
    return Account(address, config=configuration, autodiscover=False,
                   access_type=DELEGATE, default_timezone=BERLIN)


def at(day, hour, month=5, year=2024):
    return EWSDateTime(year, month, day, hour, 0, tzinfo=BERLIN)


def single(account):
    item = CalendarItem(folder=account.calendar, subject="Dentist", start=at(6, 9),
                        end=at(6, 10), location="Room 1", body="Bring the card",
                        categories=["Health"], reminder_is_set=True,
                        reminder_minutes_before_start=30)
    item.save()
    item = account.calendar.get(subject="Dentist")
    assert item.start == at(6, 9) and item.end == at(6, 10), (item.start, item.end)
    assert item.location == "Room 1" and item.categories == ["Health"]
    assert item.reminder_is_set, item
    assert item.reminder_minutes_before_start == 30, item
    assert item.body == "Bring the card", item.body
    assert item.type == "Single" and item.my_response_type == "Organizer"
    assert item.uid and item.organizer.email_address == ANN
    assert item.legacy_free_busy_status == "Busy"
    item.subject = "Dentist again"
    item.start, item.end = at(6, 11), at(6, 12)
    item.save(update_fields=["subject", "start", "end"])
    item.refresh()
    assert item.start == at(6, 11) and item.subject == "Dentist again"


def all_day(account):
    item = CalendarItem(folder=account.calendar, subject="Holiday",
                        start=EWSDate(2024, 5, 20), end=EWSDate(2024, 5, 21),
                        is_all_day=True, legacy_free_busy_status="Free")
    item.save()
    item = account.calendar.get(subject="Holiday")
    assert item.is_all_day and item.start == EWSDate(2024, 5, 20), item.start
    assert item.end == EWSDate(2024, 5, 21), item.end


def series(account):
    start = at(13, 14)
    item = CalendarItem(
        folder=account.calendar, subject="Choir", start=start, end=at(13, 15),
        recurrence=Recurrence(
            pattern=WeeklyPattern(interval=1, weekdays=["Monday"],
                                  first_day_of_week="Monday"),
            start=EWSDate(2024, 5, 13), number=4))
    item.save()
    found = list(account.calendar.view(start=at(1, 0), end=at(30, 0, month=6)))
    choir = [one for one in found if one.subject == "Choir"]
    assert [one.start.day for one in choir] == [13, 20, 27, 3], choir
    assert all(one.type == "Occurrence" for one in choir)
    master = account.calendar.get(subject="Choir")
    assert master.type == "RecurringMaster"
    assert master.first_occurrence.start == start
    assert master.last_occurrence.start == at(3, 14, month=6)

    second = master.occurrence(2)
    second.refresh()
    second.subject = "Choir, elsewhere"
    second.start, second.end = at(21, 9), at(21, 10)
    second.save(update_fields=["subject", "start", "end"])
    master.occurrence(3).delete()
    master.refresh()
    assert len(master.modified_occurrences) == 1, master.modified_occurrences
    assert master.modified_occurrences[0].original_start == at(20, 14)
    assert master.modified_occurrences[0].start == at(21, 9)
    assert [one.start for one in master.deleted_occurrences] == [at(27, 14)]
    fourth = master.occurrence(4)
    fourth.refresh()
    fourth.start, fourth.end = at(20, 9), at(20, 10)
    try:
        fourth.save(update_fields=["start", "end"])
        assert False, "moved over its neighbour"
    except ErrorOccurrenceCrossingBoundary:
        pass
    found = [one.subject for one in account.calendar.view(start=at(1, 0),
                                                          end=at(30, 0, month=6))
             if one.subject.startswith("Choir")]
    assert found == ["Choir", "Choir, elsewhere", "Choir"], found
    master.start, master.end = at(13, 15), at(13, 16)
    master.save(update_fields=["start", "end"])
    master.refresh()
    assert not master.modified_occurrences and not master.deleted_occurrences
    master.delete()
    assert not account.calendar.filter(subject="Choir").count()


def meeting(account, other):
    item = CalendarItem(
        folder=account.calendar, subject="Plan", start=at(8, 9), end=at(8, 10),
        required_attendees=[Attendee(mailbox=Mailbox(email_address=BOB),
                                     response_type="Unknown")])
    item.save(send_meeting_invitations="SendToAllAndSaveCopy")
    item.refresh()
    request = other.inbox.get(subject="Plan")
    assert type(request).__name__ == "MeetingRequest", request
    mine = other.calendar.get(subject="Plan")
    assert mine.my_response_type == "NoResponseReceived", mine.my_response_type
    assert mine.legacy_free_busy_status == "Tentative"
    assert mine.organizer.email_address == ANN and mine.uid == item.uid
    mine.accept(body="Gladly")
    mine = other.calendar.get(subject="Plan")
    assert mine.my_response_type == "Accept" and mine.legacy_free_busy_status == "Busy"
    item.refresh()
    assert item.required_attendees[0].response_type == "Accept"
    assert account.inbox.filter(subject="Accepted: Plan").count() == 1
    item.start, item.end = at(8, 11), at(8, 12)
    item.save(update_fields=["start", "end"],
              send_meeting_invitations="SendToAllAndSaveCopy")
    mine = other.calendar.get(subject="Plan")
    assert mine.start == at(8, 11) and mine.my_response_type == "NoResponseReceived"
    item.cancel(new_body="Off")
    mine = other.calendar.get(subject__contains="Plan")
    assert mine.is_cancelled, mine.subject
    assert other.inbox.filter(subject="Canceled: Plan").count() == 1


def tasks(account):
    item = Task(folder=account.tasks, subject="Water the plants",
                due_date=EWSDate(2024, 5, 8), start_date=EWSDate(2024, 5, 7),
                status="InProgress", percent_complete=Decimal(40))
    item.save()
    item = account.tasks.get(subject="Water the plants")
    assert item.due_date == EWSDate(2024, 5, 8), item.due_date
    assert item.percent_complete == 40 and item.status == "InProgress"
    item.complete()
    item.refresh()
    assert item.is_complete and item.percent_complete == 100, item
    item.delete(affected_task_occurrences="AllOccurrences")
    assert not account.tasks.all().count()


def contacts(account):
    item = Contact(
        folder=account.contacts, given_name="Clara", surname="Schmidt",
        display_name="Clara Schmidt", file_as="Schmidt, Clara", company_name="Mill",
        email_addresses=[EmailAddress(email="clara@example.org",
                                      label="EmailAddress1")],
        phone_numbers=[PhoneNumber(label="MobilePhone", phone_number="+49 1")],
        physical_addresses=[PhysicalAddress(label="Home", street="Am Markt 1",
                                            city="Halle", zipcode="06108")],
        birthday=EWSDate(1980, 4, 12))
    item.save()
    item = account.contacts.get(display_name="Clara Schmidt")
    assert item.email_addresses[0].email == "clara@example.org"
    assert item.physical_addresses[0].city == "Halle", item.physical_addresses
    assert item.complete_name.last_name == "Schmidt"
    assert item.birthday == EWSDate(1980, 4, 12), item.birthday
    item.phone_numbers = [PhoneNumber(label="HomePhone", phone_number="+49 2")]
    item.nickname = "C"
    item.save(update_fields=["phone_numbers", "nickname"])
    item.refresh()
    assert {one.label: one.phone_number for one in item.phone_numbers}["HomePhone"] \
        == "+49 2"
    photo = FileAttachment(name="ContactPicture.jpg", content=b"\xff\xd8picture",
                           is_contact_photo=True)
    item.attach(photo)
    item.refresh()
    assert item.has_picture and item.attachments[0].content == b"\xff\xd8picture"
    item.detach(item.attachments)
    item.refresh()
    assert not item.has_picture and not item.attachments
    group = DistributionList(
        folder=account.contacts, display_name="Bakers",
        members=[Member(mailbox=Mailbox(name="Bob", email_address=BOB,
                                        mailbox_type="Mailbox"))])
    group.save()
    group = account.contacts.get(display_name="Bakers")
    assert group.members[0].mailbox.email_address == BOB, group.members


def attachments(account):
    item = CalendarItem(folder=account.calendar, subject="Papers", start=at(9, 9),
                        end=at(9, 10))
    item.save()
    key = item.changekey
    item.attach(FileAttachment(name="plan.txt", content=b"one\ntwo\n"))
    assert item.changekey != key
    item = account.calendar.get(subject="Papers")
    assert item.has_attachments and item.attachments[0].content == b"one\ntwo\n"
    item.detach(item.attachments[0])
    assert not account.calendar.get(subject="Papers").attachments


def names(account):
    found = account.protocol.resolve_names(["bob"], return_full_contact_data=True)
    assert found[0][0].email_address == BOB, found
    assert found[0][1].display_name in ("Bob", BOB), found


def availability(account):
    item = CalendarItem(folder=account.calendar, subject="Busy then", start=at(15, 9),
                        end=at(15, 11))
    item.save()
    info = list(account.protocol.get_free_busy_info(
        accounts=[(account, "Organizer", False), (BOB, "Required", False)],
        start=at(15, 0), end=at(16, 0), merged_free_busy_interval=60))
    assert info[0].merged[9:12] == "220", info[0].merged
    assert [event.busy_type for event in info[0].calendar_events] == ["Busy"]
    assert set(info[1].merged) == {"0"}, info[1].merged


def shown(step, *args):
    step(*args)
    print(step.__name__, flush=True)


def main():
    account = log_in(sys.argv[1], ANN)
    other = log_in(sys.argv[1], BOB)
    for step in (single, all_day, series, tasks, contacts, attachments, names,
                 availability):
        shown(step, account)
    shown(meeting, account, other)
    print("done")


main()
