"""exchangelib_client.py URL - python3-exchangelib uses a mailbox

Logs in, lists, reads, flags, moves, copies, deletes, stores, searches and sends;
is told of news, asks the index, and visits Bob's mailbox, its own archive and the
public folders.
Each step prints its name once it went well; the first that does not ends the run.
"""
import datetime
import sys

from exchangelib import (
    DELEGATE, Account, Configuration, Credentials, Mailbox, Message,
)
from exchangelib.errors import (
    ErrorAccessDenied, ErrorFolderNotFound, ErrorSubscriptionNotFound,
)
from exchangelib.folders import Folder, SingleFolderQuerySet
from exchangelib.properties import DistinguishedFolderId, FolderId

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
    assert len(items) == 1, [getattr(item, "subject", item) for item in items]
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


def ask_index(account):
    assert only(account.drafts.filter("subject:grüße")).subject == "Grüße"
    assert only(account.drafts.filter("from:carla quiet")).subject == "Grüße"
    assert account.drafts.filter("noisy OR loud").count() == 0


def names(notifications):
    return [type(event).__name__ for one in notifications for event in one.events]


def pull(account):
    subscription, watermark = account.drafts.subscribe_to_pull(timeout=5)
    Message(folder=account.drafts, mime_content=MIME).save()
    got = names(account.drafts.get_events(subscription, watermark))
    assert got == ["CreatedEvent", "ModifiedEvent"], got
    account.drafts.unsubscribe(subscription)
    try:
        list(account.drafts.get_events(subscription, watermark))
        assert False, "a subscription outlived its end"
    except ErrorSubscriptionNotFound:
        pass


def stream(account):
    subscription = account.drafts.subscribe_to_streaming()
    Message(folder=account.drafts, mime_content=MIME).save()
    got = names(account.drafts.get_streaming_events(
        subscription, connection_timeout=1, max_notifications_returned=1,
    ))
    assert "CreatedEvent" in got, got
    account.drafts.unsubscribe(subscription)


def permissions(account):
    # The library reads sets of permissions, and writes none that fits the schema.
    reading = {
        one.user_id.primary_smtp_address or one.user_id.distinguished_user:
        one.read_items for one in account.drafts.permission_set.permissions
    }
    assert reading == {"Default": "None", "Anonymous": "None", BOB: "FullDetails"}, reading
    assert account.drafts.effective_rights.delete


def folder_of(account, address, name):
    found = SingleFolderQuerySet(account=account, folder=DistinguishedFolderId(
        id=name, mailbox=Mailbox(email_address=address),
    )).resolve()
    if isinstance(found, Exception):
        return found
    # By its name the library would look for one's own folder from now on.
    return SingleFolderQuerySet(account=account, folder=FolderId(id=found.id)).resolve()


def visit(account):
    inbox = folder_of(account, BOB, "inbox")
    assert not inbox.effective_rights.modify and inbox.effective_rights.read
    item = only(inbox.all())
    assert item.subject == "An Bob", item.subject
    try:
        item.delete()
        assert False, "a reader deleted"
    except ErrorAccessDenied:
        pass
    # Bob has let nobody into his drafts.
    assert isinstance(folder_of(account, BOB, "drafts"), ErrorFolderNotFound)


def archive(account):
    old = account.archive_msg_folder_root / "Alt"
    assert only(old.all()).subject == "Number 9"


def public(account):
    board = account.public_folders_root / "Brett"
    item = only(board.all())
    assert item.subject == "Number 8" and not item.is_read
    item.is_read = True
    item.save(update_fields=["is_read"])
    assert only(board.all()).is_read
    assert (board / "Keller").name == "Keller"


def main():
    url = sys.argv[1]
    account = log_in(url, ANN)
    for step in (list_folders, list_items, read, flag, rename, folders, move_and_copy,
                 delete, store, search):
        step(account)
        print(step.__name__, "ok", flush=True)
    send(account, url)
    print("send ok")
    for step in (visit, sync, resolve, ask_index, pull, stream, permissions, archive, public):
        step(account)
        print(step.__name__, "ok", flush=True)
    print("done")


main()
