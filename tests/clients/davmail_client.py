"""davmail_client.py IMAP-PORT SMTP-PORT [2007] - uses a mailbox through DavMail

Exchange 2007 takes the flags that DavMail gives to a new message for none.

Each step prints its name once it went well; the first that does not ends the run.
"""
import imaplib
import smtplib
import sys
import time

ANN = "ann@postern.example"
BOB = "bob@postern.example"
PASSWORD = "secret"
SECONDS = 300

MIME = (
    b"From: Carla <carla@example.org>\r\nTo: ann@postern.example\r\n"
    b"Subject: Stored\r\nMessage-ID: <stored@example.org>\r\n"
    b"Date: Mon, 1 Jan 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nA quiet word.\r\n"
)


def good(answer):
    status, data = answer
    assert status == "OK", answer
    return data


def log_in(port, user):
    imap = imaplib.IMAP4("127.0.0.1", port, timeout=SECONDS)
    good(imap.login(user, PASSWORD))
    return imap


def select(imap, folder="INBOX"):
    return int(good(imap.select(folder))[0])


def uids(imap, *criteria):
    return good(imap.uid("SEARCH", *criteria))[0].split()


def flags_of(imap, uid):
    return good(imap.uid("FETCH", uid, "(FLAGS)"))[0]


def list_folders(imap):
    names = b"\n".join(good(imap.list()))
    for name in (b"INBOX", b"Drafts", b"Sent", b"Trash"):
        assert name in names, names


def read(imap):
    assert select(imap) == 3
    data = good(imap.uid("FETCH", uids(imap, "ALL")[1], "(UID FLAGS BODY.PEEK[])"))
    assert b"Subject: Number 2\r\n" in data[0][1], data
    assert data[0][1].endswith(b"\r\n\r\nBody of 2.\r\n"), data


def flag(imap):
    uid = uids(imap, "ALL")[0]
    good(imap.uid("STORE", uid, "+FLAGS", "(\\Seen \\Flagged \\Answered)"))
    for name in (b"\\Seen", b"\\Flagged", b"\\Answered"):
        assert name in flags_of(imap, uid), flags_of(imap, uid)
    good(imap.uid("STORE", uid, "-FLAGS", "(\\Flagged)"))
    assert b"\\Flagged" not in flags_of(imap, uid), flags_of(imap, uid)


def folders(imap):
    good(imap.create("Projekte"))
    good(imap.rename("Projekte", "Projects"))
    assert any(b"Projects" in line for line in good(imap.list()))


def copy_and_move(imap):
    select(imap)
    uid = uids(imap, "SUBJECT", '"Number 2"')[0]
    good(imap.uid("COPY", uid, "Projects"))
    good(imap.uid("MOVE", uid, "Projects"))
    assert select(imap) == 2
    assert select(imap, "Projects") == 2


def delete(imap):
    good(imap.uid("STORE", uids(imap, "ALL")[0], "+FLAGS", "(\\Deleted)"))
    good(imap.expunge())
    assert select(imap, "Projects") == 1


def append(imap):
    date = imaplib.Time2Internaldate(1704103200)
    good(imap.append("Projects", "(\\Seen)", date, MIME))
    assert select(imap, "Projects") == 2
    uid = uids(imap, "HEADER", "Message-ID", "<stored@example.org>")[0]
    data = good(imap.uid("FETCH", uid, "(FLAGS INTERNALDATE BODY.PEEK[])"))
    assert data[0][1] == MIME, data
    assert b"01-Jan-2024" in data[0][0], data
    assert b"\\Seen" in data[0][0] or "2007" in sys.argv, data


def search(imap):
    assert len(uids(imap, "BODY", '"quiet"')) == 1
    assert len(uids(imap, "UNSEEN", "SUBJECT", '"Number"')) == 1
    assert len(uids(imap, "SINCE", "01-Jan-2023", "SUBJECT", '"Stored"')) == 1


def wait_for_count(imap, folder, count):
    end = time.monotonic() + SECONDS
    while select(imap, folder) != count:
        assert time.monotonic() < end, f"{folder} has not got {count}"
        time.sleep(0.1)


def send(imap, ports):
    with smtplib.SMTP("127.0.0.1", ports[1], timeout=SECONDS) as smtp:
        smtp.login(ANN, PASSWORD)
        smtp.sendmail(ANN, [BOB], (
            f"From: <{ANN}>\r\nTo: <{BOB}>\r\nSubject: Through DavMail\r\n"
            "Message-ID: <sent@postern.example>\r\n\r\nHello.\r\n"))
    bob = log_in(ports[0], BOB)
    assert select(bob) == 1
    data = good(bob.fetch("1", "(BODY.PEEK[])"))
    assert b"Subject: Through DavMail" in data[0][1], data
    bob.logout()
    wait_for_count(imap, "Sent", 1)


def main():
    ports = int(sys.argv[1]), int(sys.argv[2])
    imap = log_in(ports[0], ANN)
    for step in (list_folders, read, flag, folders, copy_and_move, delete, append,
                 search):
        step(imap)
        print(step.__name__, "ok", flush=True)
    send(imap, ports)
    print("send ok\ndone")
    imap.logout()


main()
