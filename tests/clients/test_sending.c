/*
 * test_sending.c - what a message that is sent looks like to those who get it
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/script.h"

#define TEAM "team@postern.example"
#define ENVELOPE                                                               \
    "C: MAIL FROM:<" ANN ">\nS: 250 *\n"                                       \
    "C: RCPT TO:<" BOB ">\nS: 250 *\n"
#define AS_TEAM                                                                \
    ENVELOPE "C: DATA\nS: 354 *\nC: From: Team <" TEAM ">\nC: To: <" BOB ">\n" \
             "C: Subject: From the team\nC: \nC: Hello\nC: .\n"

/* BOB's only message. */
static char *received(struct harness *harness)
{
    size_t len;

    cr_assert(exchange_count(harness->exchange, BOB, NULL) == 1);
    return exchange_content(harness->exchange, BOB, NULL, 0, &len);
}

Test(sending, works_for_shared_mailboxes_where_exchange_allows,
     .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    script_smtp(&harness, AS_TEAM "S: 550 5.7.60 *\n");
    cr_expect(exchange_count(harness.exchange, BOB, NULL) == 0);
    exchange_allow_send_as(harness.exchange, ANN, TEAM);
    script_smtp(&harness, AS_TEAM "S: 250 2.0.0 *\n");
    char *text = received(&harness);
    cr_expect(strstr(text, "From: Team <" TEAM ">\r\n") != NULL, "%s", text);
    free(text);
    harness_stop(&harness);
}

Test(sending, leaves_an_invitation_as_it_is, .timeout = SECONDS)
{
    static const char calendar[] = "BEGIN:VCALENDAR\r\n"
                                   "METHOD:REQUEST\r\n"
                                   "BEGIN:VEVENT\r\n"
                                   "UID:1@postern.example\r\n"
                                   "ORGANIZER:mailto:" ANN "\r\n"
                                   "ATTENDEE;RSVP=TRUE:mailto:" BOB "\r\n"
                                   "DTSTART:20261201T090000Z\r\n"
                                   "END:VEVENT\r\n"
                                   "END:VCALENDAR\r\n";
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    script_smtp(
        &harness, ENVELOPE
        "C: DATA\nS: 354 *\nC: From: <" ANN ">\nC: To: <" BOB ">\n"
        "C: Subject: Bread\nC: MIME-Version: 1.0\n"
        "C: Content-Type: text/calendar; method=REQUEST; charset=utf-8\n"
        "C: \nC: BEGIN:VCALENDAR\nC: METHOD:REQUEST\nC: BEGIN:VEVENT\n"
        "C: UID:1@postern.example\nC: ORGANIZER:mailto:" ANN "\n"
        "C: ATTENDEE;RSVP=TRUE:mailto:" BOB "\n"
        "C: DTSTART:20261201T090000Z\nC: END:VEVENT\nC: END:VCALENDAR\n"
        "C: .\nS: 250 *\n");
    char *text = received(&harness);
    const char *type = strstr(text, "Content-Type: text/calendar");
    const char *body = strstr(text, "BEGIN:VCALENDAR");
    cr_expect(type != NULL && strstr(type, "method=REQUEST") != NULL);
    cr_expect(body != NULL && strcmp(body, calendar) == 0);
    free(text);
    harness_stop(&harness);
}

Test(sending, hides_the_recipients_whom_nobody_names, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    script_smtp(&harness, ENVELOPE "C: RCPT TO:<" ANN ">\nS: 250 *\n"
                                   "C: DATA\nS: 354 *\nC: To: <" BOB ">\n"
                                   "C: bcc: Me\nC:  <" ANN ">\n"
                                   "C: From: <" ANN ">\nC: Subject: a\nC: \n"
                                   "C: Hello\nC: .\nS: 250 *\n");
    char *text = received(&harness);
    cr_expect(strcasestr(text, "\nbcc:") == NULL, "%s", text);
    free(text);
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 1);
    harness_stop(&harness);
}

Test(sending, keeps_one_copy_when_the_client_stores_one_too, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    script_smtp(&harness,
                ENVELOPE "C: DATA\nS: 354 *\nC: From: <" ANN ">\n"
                         "C: To: <" BOB ">\nC: Message-ID: <1@x>\nC: \n"
                         "C: Hello\nC: .\nS: 250 *\n");
    script_imap(&harness, "C: a APPEND Sent (\\Seen) {28+}\n"
                          "C: Message-ID: <1@x>\nC: \nC: Hello\nC: \n"
                          "S. a OK [APPENDUID *\n"
                          "C: b STATUS Sent (MESSAGES)\n"
                          "S: * STATUS Sent (MESSAGES 1)\nS: b OK *\n");
    cr_expect(exchange_count(harness.exchange, ANN, "Sent Items") == 1);
    harness_stop(&harness);
}
