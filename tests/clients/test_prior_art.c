/*
 * test_prior_art.c - where others fail: faults that were found in DavMail's
 * source
 *
 * Each test carries the sentence that describes the fault as its description.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define SELECT "C: s SELECT INBOX\nS. s OK *\n"
#define MAY_FIRST 1714557600 /* 2024-05-01T10:00:00Z */

/* Starts with so many messages in the inbox. */
static void start(struct harness *harness, size_t count)
{
    harness_start(harness, EXCHANGE_2016, NULL);
    harness_deliver_many(harness, count);
}

Test(prior_art, uid_expunge, .timeout = SECONDS,
     .description = "UID EXPUNGE must answer, and must delete only the named "
                    "UIDs.")
{
    struct harness harness;

    start(&harness, 3);
    script_imap(&harness, SELECT "C: a STORE 1:3 +FLAGS.SILENT (\\Deleted)\n"
                                 "S. a OK *\n"
                                 "C: b UID EXPUNGE 2\n"
                                 "S: * 2 EXPUNGE\n"
                                 "S: b OK *\n"
                                 "C: c UID SEARCH ALL\n"
                                 "S: * SEARCH 1 3\n"
                                 "S: c OK *\n");
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 2);
    harness_stop(&harness);
}

/* Sends a line of 10 MB and looks at what it costs. */
static void send_endless_line(struct harness *harness, struct link *link)
{
    static char piece[65536];
    size_t before = harness_resident_kb(harness);

    memset(piece, 'x', sizeof piece);
    for (int i = 0; i < 160; i++)
        link_send(link, piece, sizeof piece);
    cr_expect(harness_resident_kb(harness) < before + 4096);
}

Test(prior_art, empty_and_endless_lines, .timeout = SECONDS,
     .description = "An empty line from a client must not close the "
                    "connection; a line without end must be bounded.")
{
    struct harness harness;

    start(&harness, 1);
    struct link *imap = script_imap_open(&harness);
    script_play(&harness, imap, "C: \nS: * BAD *\nC: a NOOP\nS: a OK *\n");
    send_endless_line(&harness, imap);
    script_play(&harness, imap, "C: \nS: * BAD *\nC: b NOOP\nS: b OK *\n");
    link_close(&imap);

    struct link *smtp = script_smtp_open(&harness);
    script_play(&harness, smtp, "C: \nS: 500 *\nC: NOOP\nS: 250 *\n");
    send_endless_line(&harness, smtp);
    script_play(&harness, smtp, "C: \nS: 500 *\nC: NOOP\nS: 250 *\n");
    link_close(&smtp);
    harness_stop(&harness);
}

Test(prior_art, literals, .timeout = SECONDS,
     .description = "Password, mailbox name and search string sent as literals "
                    "(with and without +) must work.")
{
    struct harness harness;
    struct link *link;

    start(&harness, 3);
    link = link_open(harness.imap);
    script_play(&harness, link,
                "S: * OK *\n"
                "C: a LOGIN {19}\nS: +*\nC: ann@postern.example {6}\nS: +*\n"
                "C: secret\nS. a OK *\n"
                "C: b SELECT {5}\nS: +*\nC: INBOX\nS. b OK *\n"
                "C: c SEARCH SUBJECT {8}\nS: +*\nC: Number 2\n"
                "S: * SEARCH 2\nS: c OK *\n");
    link_close(&link);
    link = link_open(harness.imap);
    script_play(&harness, link,
                "S: * OK *\n"
                "C: a LOGIN {19+}\nC: ann@postern.example {6+}\nC: secret\n"
                "S. a OK *\n"
                "C: b SELECT {5+}\nC: INBOX\nS. b OK *\n"
                "C: c SEARCH SUBJECT {8+}\nC: Number 3\n"
                "S: * SEARCH 3\nS: c OK *\n");
    link_close(&link);
    harness_stop(&harness);
}

Test(prior_art, search_complements, .timeout = SECONDS,
     .description = "NOT FLAGGED / NOT ANSWERED / NOT DRAFT must be the "
                    "complement; OR of a server-side and a local key must be "
                    "an OR; NOT of a UID range must work.")
{
    struct harness harness;

    start(&harness, 5);
    char *needle = harness_message("Other", "<needle@x>", "A needle in it\r\n");
    harness_deliver(&harness, NULL, needle);
    free(needle);
    script_imap(&harness,
                SELECT "C: a STORE 1 +FLAGS.SILENT (\\Flagged)\nS. a OK *\n"
                       "C: b STORE 2 +FLAGS.SILENT (\\Answered)\nS. b OK *\n"
                       "C: c SEARCH NOT FLAGGED\n"
                       "S: * SEARCH 2 3 4 5 6\nS: c OK *\n"
                       "C: d SEARCH NOT ANSWERED\n"
                       "S: * SEARCH 1 3 4 5 6\nS: d OK *\n"
                       "C: e SEARCH NOT DRAFT\n"
                       "S: * SEARCH 1 2 3 4 5 6\nS: e OK *\n"
                       "C: f SEARCH OR BODY needle FLAGGED\n"
                       "S: * SEARCH 1 6\nS: f OK *\n"
                       "C: g SEARCH OR FLAGGED BODY needle\n"
                       "S: * SEARCH 1 6\nS: g OK *\n"
                       "C: h SEARCH BODY needle FLAGGED\n"
                       "S: * SEARCH\nS: h OK *\n"
                       "C: i SEARCH NOT UID 2:5\n"
                       "S: * SEARCH 1 6\nS: i OK *\n"
                       "C: j UID SEARCH NOT (OR UID 2:3 FLAGGED)\n"
                       "S: * SEARCH 4 5 6\nS: j OK *\n");
    harness_stop(&harness);
}

Test(prior_art, search_dates, .timeout = SECONDS,
     .description = "SINCE/BEFORE/ON must follow INTERNALDATE and stay put "
                    "after a flag change.")
{
    static const char search[] =
        "C: a SEARCH ON 1-May-2024\nS: * SEARCH 1\nS: a OK *\n"
        "C: b SEARCH SINCE 2-May-2024\nS: * SEARCH 2\nS: b OK *\n"
        "C: c SEARCH SINCE 1-May-2024 BEFORE 2-May-2024\n"
        "S: * SEARCH 1\nS: c OK *\n"
        "C: d SEARCH BEFORE 1-May-2024\nS: * SEARCH\nS: d OK *\n";
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    char *mime = harness_message("Old", "<old@x>", "Hello\r\n");
    exchange_add_message(harness.exchange, ANN, NULL, mime, strlen(mime),
                         MAY_FIRST, false);
    free(mime);
    harness_deliver_many(&harness, 1);

    struct link *link = script_imap_open(&harness);
    script_play(&harness, link, SELECT);
    script_play(&harness, link, search);
    script_play(&harness, link,
                "C: e STORE 1 +FLAGS (\\Seen \\Flagged)\nS. e OK *\n");
    script_play(&harness, link, search);
    script_play(&harness, link,
                "C: f FETCH 1 INTERNALDATE\n"
                "S: * 1 FETCH (INTERNALDATE \" 1-May-2024 10:00:00 +0000\")\n"
                "S: f OK *\n");
    link_close(&link);
    harness_stop(&harness);
}

Test(prior_art, search_keys, .timeout = SECONDS,
     .description = "BCC, UNKEYWORD, RECENT, OLD keys; unknown key = BAD and "
                    "the session lives; unknown CHARSET = NO [BADCHARSET].")
{
    struct harness harness;

    start(&harness, 2);
    struct link *first = script_imap_open(&harness);
    script_play(&harness, first,
                SELECT "C: a SEARCH BCC nobody\nS: * SEARCH\nS: a OK *\n"
                       "C: b STORE 1 +FLAGS.SILENT (Work)\nS. b OK *\n"
                       "C: c SEARCH UNKEYWORD Work\nS: * SEARCH 2\nS: c OK *\n"
                       "C: d SEARCH KEYWORD Work\nS: * SEARCH 1\nS: d OK *\n"
                       "C: e SEARCH RECENT\nS: * SEARCH 1 2\nS: e OK *\n"
                       "C: f SEARCH OLD\nS: * SEARCH\nS: f OK *\n"
                       "C: g SEARCH WIBBLE\nS: g BAD *\n"
                       "C: h SEARCH CHARSET X-NONE SUBJECT a\n"
                       "S: h NO [BADCHARSET* *\n"
                       "C: i NOOP\nS: i OK *\n");
    script_imap(&harness,
                SELECT "C: a SEARCH RECENT\nS: * SEARCH\nS: a OK *\n"
                       "C: b SEARCH OLD\nS: * SEARCH 1 2\nS: b OK *\n");
    link_close(&first);
    harness_stop(&harness);
}

/* The index gone, what is left is what Exchange knows. */
static void forget_index(struct harness *harness)
{
    char *state = harness_path(harness, "state");
    char *old = harness_path(harness, "old-state");

    harness_daemon_stop(harness);
    cr_assert(rename(state, old) == 0);
    harness_daemon_start(harness);
    free(state);
    free(old);
}

Test(prior_art, categories, .timeout = SECONDS,
     .description = "A category with a space or umlaut must round-trip through "
                    "FLAGS/STORE.")
{
    struct harness harness;

    start(&harness, 2);
    script_imap(&harness, SELECT
                "C: a STORE 1 +FLAGS (Rote=20K=C3=BChe To=20Do=5D=28x=29)\n"
                "S. ** 1 FETCH (*FLAGS (*Rote=20K=C3=BChe*))\nS: a OK *\n");
    forget_index(&harness);
    script_imap(&harness,
                "C: s SELECT INBOX\n"
                "S. * FLAGS (*Rote=20K=C3=BChe*)\n"
                "S. s OK *\n"
                "C: a FETCH 1:2 FLAGS\n"
                "S. * FETCH (FLAGS (*Rote=20K=C3=BChe*To=20Do=5D=28x=29*))\n"
                "S. a OK *\n"
                "C: b STORE 1:2 -FLAGS (Rote=20K=C3=BChe)\nS. b OK *\n"
                "C: c FETCH 1:2 FLAGS\n"
                "S- c OK * !! *Rote*\n"
                "C: d SEARCH KEYWORD To=20Do=5D=28x=29\n"
                "S: * SEARCH *\nS: d OK *\n");
    harness_stop(&harness);
}

Test(prior_art, answered_and_forwarded, .timeout = SECONDS,
     .description = "\\Answered and $Forwarded must coexist.")
{
    struct harness harness;

    start(&harness, 1);
    script_imap(&harness, SELECT "C: a STORE 1 +FLAGS (\\Answered)\nS. a OK *\n"
                                 "C: b STORE 1 +FLAGS ($Forwarded)\n"
                                 "S. b OK *\n"
                                 "C: c SEARCH ANSWERED KEYWORD $Forwarded\n"
                                 "S: * SEARCH 1\nS: c OK *\n");
    harness_daemon_stop(&harness);
    harness_daemon_start(&harness);
    script_imap(&harness, SELECT "C: a SEARCH ANSWERED KEYWORD $Forwarded\n"
                                 "S: * SEARCH 1\nS: a OK *\n"
                                 "C: b STORE 1 -FLAGS (\\Answered)\nS. b OK *\n"
                                 "C: c SEARCH UNANSWERED KEYWORD $Forwarded\n"
                                 "S: * SEARCH 1\nS: c OK *\n");
    harness_stop(&harness);
}

Test(prior_art, deleted_and_back, .timeout = SECONDS,
     .description = "STORE +FLAGS \\Deleted then -FLAGS \\Deleted must leave "
                    "the message alive.")
{
    struct harness harness;

    start(&harness, 2);
    script_imap(&harness, SELECT "C: a STORE 1 +FLAGS (\\Deleted)\nS. a OK *\n"
                                 "C: b STORE 1 -FLAGS (\\Deleted)\nS. b OK *\n"
                                 "C: c EXPUNGE\nS: c OK *\n"
                                 "C: d CLOSE\nS: d OK *\n");
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 2);
    harness_stop(&harness);
}

Test(prior_art, examine, .timeout = SECONDS,
     .description = "EXAMINE must refuse STORE/EXPUNGE and must not set "
                    "\\Seen.")
{
    struct harness harness;

    start(&harness, 2);
    script_imap(&harness, "C: s EXAMINE INBOX\nS. s OK [READ-ONLY]*\n"
                          "C: a STORE 1 +FLAGS (\\Deleted)\nS: a NO *\n"
                          "C: b EXPUNGE\nS: b NO *\n"
                          "C: c FETCH 1 BODY[]\nS. c OK *\n"
                          "C: d FETCH 1 FLAGS\nS- d OK * !! *Seen*\n"
                          "C: e SEARCH UNSEEN\nS: * SEARCH 1 2\nS: e OK *\n");
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 2);
    harness_stop(&harness);
}

/* The number behind `name` in the STATUS of a mailbox. */
static uint32_t status_of(struct harness *harness, struct link *link,
                          const char *mailbox, const char *name)
{
    char script[200];

    snprintf(script, sizeof script, "C: st STATUS %s (%s)\n", mailbox, name);
    script_play(harness, link, script);
    char *line = script_line(harness, link, "* STATUS *");
    const char *found = strstr(line, name);
    cr_assert(found != NULL, "%s", line);
    uint32_t value = (uint32_t)strtoul(found + strlen(name), NULL, 10);
    free(line);
    script_play(harness, link, "S: st OK *\n");
    return value;
}

Test(prior_art, uid_validity, .timeout = SECONDS,
     .description = "UIDVALIDITY must change after delete and re-create of a "
                    "folder of the same name; a UID must never change after "
                    "an edit or a reconnect.")
{
    struct harness harness;

    start(&harness, 3);
    struct link *link = script_imap_open(&harness);
    script_play(&harness, link, "C: a CREATE Once\nS: a OK *\n");
    uint32_t before = status_of(&harness, link, "Once", "UIDVALIDITY");
    script_play(&harness, link,
                "C: b DELETE Once\nS: b OK *\n"
                "C: c CREATE Once\nS: c OK *\n");
    cr_expect(status_of(&harness, link, "Once", "UIDVALIDITY") != before);

    uint32_t inbox = status_of(&harness, link, "INBOX", "UIDVALIDITY");
    script_play(&harness, link,
                SELECT "C: d STORE 2 +FLAGS (\\Flagged Work)\nS. d OK *\n");
    link_close(&link);
    exchange_mark_read(harness.exchange, ANN, NULL, 2, true);
    harness_daemon_kill(&harness);
    harness_daemon_start(&harness);

    link = script_imap_open(&harness);
    script_play(&harness, link,
                SELECT "C: e UID SEARCH SUBJECT \"Number 2\"\n"
                       "S: * SEARCH 2\nS: e OK *\n"
                       "C: f UID SEARCH SEEN\nS: * SEARCH 3\nS: f OK *\n"
                       "C: g UID SEARCH ALL\n"
                       "S: * SEARCH 1 2 3\nS: g OK *\n");
    cr_expect(status_of(&harness, link, "INBOX", "UIDVALIDITY") == inbox);
    link_close(&link);
    harness_stop(&harness);
}

Test(prior_art, folder_names, .timeout = SECONDS,
     .description = "Folder names with both \"/\" and \">\" must round-trip.")
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    exchange_add_folder(harness.exchange, ANN, "Top/a\\/b>c%d");
    script_imap(&harness, "C: a LIST \"\" Top/*\n"
                          "S: * LIST (*) \"/\" \"Top/a=2Fb>c%d\"\n"
                          "S: a OK *\n"
                          "C: b SELECT \"Top/a=2Fb>c%d\"\nS. b OK *\n"
                          "C: c CREATE \"Top/x=2Fy>z\"\nS: c OK *\n"
                          "C: d LIST \"\" Top/x*\n"
                          "S: * LIST (*) \"/\" Top/x=2Fy>z\n"
                          "S: d OK *\n"
                          "C: e RENAME Top/x=2Fy>z \"Top/>=2F>\"\nS: e OK *\n"
                          "C: f STATUS \"Top/>=2F>\" (MESSAGES)\n"
                          "S: * STATUS Top/>=2F> (MESSAGES 0)\nS: f OK *\n");
    forget_index(&harness);
    script_imap(&harness, "C: a STATUS \"Top/>=2F>\" (MESSAGES)\n"
                          "S: * STATUS Top/>=2F> (MESSAGES 0)\nS: a OK *\n");
    harness_stop(&harness);
}

/* clang-format off */
static const char nested[] =
    "From: Bob Example <bob@postern.example>\r\n"
    "To: Friends: ann@postern.example, \"Q. X\" <q@x.example>;\r\n"
    "Cc: undisclosed-recipients:;\r\n"
    "Subject: Gr\xc3\xbc\xc3\x9f""e\r\n"
    "Message-ID: <nested@postern.example>\r\n"
    "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=outer; x-note=\"a b\"\r\n"
    "\r\n"
    "--outer\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Language: de, en\r\n"
    "\r\n"
    "One\r\nTwo\r\n"
    "\r\n--outer\r\n"
    "Content-Type: message/rfc822\r\n"
    "Content-Disposition: attachment; filename=\"in.eml\"\r\n"
    "\r\n"
    "From: carl@postern.example\r\n"
    "Subject: Inner\r\n"
    "\r\n"
    "Inner text\r\n"
    "\r\n--outer--\r\n";
/* clang-format on */

Test(prior_art, body_sections, .timeout = SECONDS,
     .description = "BODY[n.MIME], BODY[n.HEADER], BODY[n.TEXT], "
                    "HEADER.FIELDS.NOT, partial ranges past the end, BODY as "
                    "non-extensible structure.")
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver(&harness, NULL, nested);
    script_imap(
        &harness, SELECT
        "C: a FETCH 1 BODY.PEEK[1.MIME]\n"
        "S: * 1 FETCH (BODY[1.MIME] {69}\n"
        "S: Content-Type: text/plain; charset=utf-8\n"
        "S: Content-Language: de, en\nS: \nS: )\nS: a OK *\n"
        "C: b FETCH 1 BODY.PEEK[2.HEADER]\n"
        "S: * 1 FETCH (BODY[2.HEADER] {46}\n"
        "S: From: carl@postern.example\nS: Subject: Inner\nS: \nS: )\n"
        "S: b OK *\n"
        "C: c FETCH 1 BODY.PEEK[2.TEXT]\n"
        "S: * 1 FETCH (BODY[2.TEXT] {12}\n"
        "S: Inner text\nS: )\nS: c OK *\n"
        "C: d FETCH 1 BODY.PEEK[2.HEADER.FIELDS.NOT (SUBJECT)]\n"
        "S: * 1 FETCH (BODY[2.HEADER.FIELDS.NOT (SUBJECT)] {30}\n"
        "S: From: carl@postern.example\nS: \nS: )\nS: d OK *\n"
        "C: e FETCH 1 BODY.PEEK[1]<4.100>\n"
        "S: * 1 FETCH (BODY[1]<4> {6}\nS: *Two\nS: )\n"
        "S: e OK *\n"
        "C: f FETCH 1 BODY.PEEK[1]<500.10>\n"
        "S: * 1 FETCH (BODY[1]<500> \"\")\nS: f OK *\n"
        "C: g FETCH 1 BODY\n"
        "S: * 1 FETCH (BODY ((\"text\" \"plain\" (\"charset\" \"utf-8\") "
        "NIL NIL \"7bit\" 10 2)(\"message\" \"rfc822\" NIL NIL NIL "
        "\"7bit\" 58 * 4) \"mixed\"))\n"
        "S: g OK *\n");
    harness_stop(&harness);
}

Test(prior_art, envelope_and_structure, .timeout = SECONDS,
     .description =
         "ENVELOPE: sender and reply-to default to From; groups; "
         "8-bit names encoded. BODYSTRUCTURE: disposition, language, "
         "multipart parameters, true line counts.")
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver(&harness, NULL, nested);
    struct link *link = script_imap_open(&harness);
    script_play(&harness, link, SELECT "C: a FETCH 1 ENVELOPE\n");
    char *line = script_line(&harness, link, "* 1 FETCH *");
    static const char bob[] =
        "((\"Bob Example\" NIL \"bob\" \"postern.example\"))";
    const char *at = line;
    for (int i = 0; i < 3; i++) {
        at = at != NULL ? strstr(at, bob) : NULL;
        cr_expect(at != NULL, "From, sender, reply-to: %s", line);
        at = at != NULL ? at + 1 : NULL;
    }
    cr_expect(strstr(line, "((NIL NIL \"Friends\" NIL)"
                           "(NIL NIL \"ann\" \"postern.example\")"
                           "(\"Q. X\" NIL \"q\" \"x.example\")"
                           "(NIL NIL NIL NIL))") != NULL,
              "%s", line);
    for (const char *p = line; *p != '\0'; p++)
        cr_expect((unsigned char)*p < 0x80, "%s", line);
    free(line);

    script_play(&harness, link,
                "S: a OK *\n"
                "C: b FETCH 1 BODYSTRUCTURE\n"
                "S: * 1 FETCH (BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" "
                "\"utf-8\") NIL NIL \"7bit\" 10 2 NIL NIL (\"de\" \"en\") NIL)"
                "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 58 * 4 NIL "
                "(\"attachment\" (\"filename\" \"in.eml\")) NIL NIL) \"mixed\" "
                "(\"boundary\" \"outer\" \"x-note\" \"a b\") NIL NIL NIL))\n"
                "S: b OK *\n");
    link_close(&link);
    harness_stop(&harness);
}

#define SEND                                                                   \
    "C: MAIL FROM:<" ANN ">\nS: 250 *\n"                                       \
    "C: RCPT TO:<" BOB "> NOTIFY=SUCCESS,FAILURE "                             \
    "ORCPT=rfc822;bob@postern.example\nS: 250 *\n"                             \
    "C: DATA\nS: 354 *\n"                                                      \
    "C: From: <" ANN ">\nC: To: <" BOB ">\nC: Subject: a\n"                    \
    "C: Message-ID: <same@postern.example>\nC: \nC: Hello\nC: .\n"

Test(prior_art, sending, .timeout = SECONDS,
     .description = "Two mails with one Message-ID must both be sent; RCPT "
                    "with NOTIFY/ORCPT parameters; permanent upstream error = "
                    "5xx.")
{
    struct harness harness;
    struct exchange_fault_rule denied = { .operation = "CreateItem",
                                          .fault = FAULT_RESPONSE_CODE,
                                          .times = 1,
                                          .code = "ErrorSendAsDenied" };

    harness_start(&harness, EXCHANGE_2016, NULL);
    script_smtp(&harness, SEND "S: 250 *\n" SEND "S: 250 *\n");
    cr_expect(exchange_count_message_id(harness.exchange, BOB, NULL,
                                        "<same@postern.example>") == 2);
    exchange_set_fault(harness.exchange, &denied);
    script_smtp(&harness, SEND "S: 550 5.7.60 *\n");
    cr_expect(exchange_count(harness.exchange, BOB, NULL) == 2);
    harness_stop(&harness);
}

Test(prior_art, markup_in_text, .timeout = SECONDS,
     .description = "Attendee or mailbox text such as `<x/>` must be escaped "
                    "in SOAP.")
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    char *mime = harness_message("a <x/> & ]]> b", "<markup@x>", "Hello\r\n");
    harness_deliver(&harness, NULL, mime);
    free(mime);
    script_imap(&harness,
                "C: a CREATE \"<x> &- ]]>\"\nS: a OK *\n"
                "C: b LIST \"\" \"<x>*\"\n"
                "S: * LIST (*) \"/\" \"<x> &- ]]>\"\nS: b OK *\n" SELECT
                "C: c SEARCH SUBJECT \"<x/> & ]]>\"\n"
                "S: * SEARCH 1\nS: c OK *\n"
                "C: d SEARCH BODY \"<x/>\"\nS: * SEARCH\nS: d OK *\n"
                "C: e STORE 1 +FLAGS (<x/>&amp;)\nS. e OK *\n"
                "C: f SEARCH KEYWORD <x/>&amp;\nS: * SEARCH 1\nS: f OK *\n");
    harness_stop(&harness);
}
