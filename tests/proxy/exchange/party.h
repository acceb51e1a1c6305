/*
 * party.h - those who meet, for the tests of invitations and answers
 */
#ifndef POSTERN_TESTS_PARTY_H
#define POSTERN_TESTS_PARTY_H

#include "tests/proxy/exchange/objects.h"

#define ORGANIZER "ORGANIZER;CN=Ann:mailto:" ANN "\r\n"
#define ASKS_BOB                                                               \
    "ATTENDEE;CN=Bob;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:" BOB "\r\n"
#define ASKS_CAROL                                                             \
    "ATTENDEE;CN=Carol;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:" CAROL "\r\n"
#define ALARM                                                                  \
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:soon\r\n"                   \
    "TRIGGER:-PT25M\r\nEND:VALARM\r\n"
#define WEEKLY "RRULE:FREQ=WEEKLY;COUNT=10\r\n"

/* The three and what mails they have had. */
struct party {
    struct office ann;
    struct office bob;
    size_t mails[3];
};

struct party party_open(void);
void party_close(struct party *party);

/* How many mails Ann, Bob and Carol have got since the last time. */
void party_expect_mails(struct party *party, const char *what, size_t ann,
                        size_t bob, size_t carol);

enum status party_put(struct office *office, const char *name,
                      const char *text);

/* The text as it is by now, as office_plain has it; "" for none. */
const char *party_get(struct office *office, const char *name);

/* The same as a client sends it: with line ends, unfolded. */
const char *party_fetch(struct office *office, const char *name);

#endif
