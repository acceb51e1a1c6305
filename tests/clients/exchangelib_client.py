"""exchangelib_client.py URL - python3-exchangelib uses a mailbox

Logs in, lists, reads, flags, moves, copies, deletes, stores, searches and sends.
Each step prints its name once it went well; the first that does not ends the run.
"""
import datetime
import sys

from exchangelib import (
    DELEGATE, Account, Configuration, Credentials, Mailbox, Message,
)
from exchangelib.folders import Folder

ANN = "ann@postern.example"
BOB = "bob@postern.example"
PASSWORD = "secret"

MIME = (
    b"From: Carla <carla@example.org>\r\nTo: ann@postern.example\r\n"
    b"Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <mime@example.org>\r\n"
    b"Date: Mon, 1 Jan 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nA quiet word.\r\n"
)


def log_in(url, address):
    configuration = Configuration(
        service_endpoint=url, credentials=Credentials(address, PASSWORD),
    )
    return Account(address, config=configuration, autodiscover=False,
                   access_type=DELEGATE)


def only(items):
    items = list(items)
    assert len(items) == 1, items
    return items[0]


def list_folders(account):
    names = {folder.name for folder in account.msg_folder_root.walk()}
    assert {"Inbox", "Drafts", "Sent Items", "Deleted Items"} <= names, names
    assert account.inbox.total_count == 3, account.inbox.total_count


def list_items(account):
    items = list(account.inbox.all().order_by("datetime_received"))
    assert [item.subject for item in items] == ["Number 1", "Number 2", "Number 3"]
    assert not items[0].is_read


def read(account):
    item = account.inbox.get(subject="Number 2")
    assert item.message_id == "<2@example.org>", item.message_id
    assert item.sender.email_address == "carla@example.org", item.sender
    assert b"Subject: Number 2\r\n" in item.mime_content
    assert item.body.strip() == "Body of 2.", item.body


def flag(account):
    item = account.inbox.get(subject="Number 1")
    item.is_read = True
    item.categories = ["Rot & gut", "Grün"]
    item.save(update_fields=["is_read", "categories"])
    item = account.inbox.get(subject="Number 1")
    assert item.is_read and item.categories == ["Rot & gut", "Grün"], item.categories
    assert account.inbox.filter(is_read=False).count() == 2


def rename(account):
    item = account.inbox.get(subject="Number 3")
    item.subject = "Dritte"
    item.save(update_fields=["subject"])
    assert b"Subject: Dritte\r\n" in account.inbox.get(subject="Dritte").mime_content


def folders(account):
    folder = Folder(parent=account.inbox, name="Projekte/2024")
    folder.save()
    folder.name = "Projekte"
    folder.save(update_fields=["name"])
    account.root.refresh()
    assert (account.inbox / "Projekte").name == "Projekte"


def move_and_copy(account):
    target = account.inbox / "Projekte"
    item = account.inbox.get(subject="Number 2")
    item.copy(to_folder=target)
    item.move(to_folder=target)
    assert account.inbox.filter(subject="Number 2").count() == 0
    assert target.all().count() == 2


def delete(account):
    target = account.inbox / "Projekte"
    for item in list(target.all()):
        item.delete()
    assert target.all().count() == 0
    account.inbox.get(subject="Number 1").move_to_trash()
    assert only(account.trash.all()).subject == "Number 1"
    target.delete()


def store(account):
    Message(folder=account.drafts, mime_content=MIME).save()
    item = only(account.drafts.all())
    assert item.subject == "Grüße" and item.is_draft, item.subject
    assert item.mime_content == MIME, item.mime_content


def search(account):
    start = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
    assert account.drafts.filter(subject__icontains="GRÜSSE").count() == 0
    assert account.drafts.filter(subject__icontains="grüße").count() == 1
    assert account.drafts.filter(body__contains="quiet").count() == 1
    assert account.drafts.filter(datetime_received__gt=start).count() == 1
    assert account.drafts.filter(subject__startswith="x").count() == 0
    assert account.drafts.exclude(subject="x").count() == 1


def send(account, url):
    Message(
        account=account, folder=account.sent, subject="An Bob",
        body="Mit exchangelib.", to_recipients=[Mailbox(email_address=BOB)],
        bcc_recipients=[Mailbox(email_address=ANN)],
    ).send_and_save()
    assert account.sent.all().count() == 1
    got = log_in(url, BOB).inbox.get(subject="An Bob")
    assert got.bcc_recipients is None and got.to_recipients[0].email_address == BOB
    assert got.sender.email_address == ANN, got.sender
    assert account.inbox.filter(subject="An Bob").count() == 1


def sync(account):
    seen = list(account.inbox.sync_items())
    assert len(seen) == account.inbox.all().count(), seen
    assert list(account.inbox.sync_items()) == []
    account.inbox.get(subject="An Bob").delete()
    assert [change for change, _ in account.inbox.sync_items()] == ["delete"]


def resolve(account):
    assert account.protocol.resolve_names([BOB])[0].email_address == BOB


def main():
    url = sys.argv[1]
    account = log_in(url, ANN)
    for step in (list_folders, list_items, read, flag, rename, folders, move_and_copy,
                 delete, store, search):
        step(account)
        print(step.__name__, "ok", flush=True)
    send(account, url)
    print("send ok")
    for step in (sync, resolve):
        step(account)
        print(step.__name__, "ok", flush=True)
    print("done")


main()
