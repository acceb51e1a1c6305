/*
 * objects.h - gateways before one simulated Exchange, for the tests of events,
 * tasks and contacts
 */
#ifndef POSTERN_TESTS_OBJECTS_H
#define POSTERN_TESTS_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/op.h"
#include "proxy/exchange/account.h"
#include "proxy/exchange/folder.h"
#include "proxy/exchange/object.h"
#include "tests/exchange/exchange.h"

#define ANN "ann@example.com"
#define BOB "bob@example.com"
#define CAROL "carol@example.com"
#define PASSWORD "sesame"

/* A gateway, and a user who has logged in there. */
struct office {
    struct exchange *exchange;
    bool borrowed; /* the exchange belongs to another one */
    const char *user;
    struct settings *settings;
    struct accounts *accounts;
    struct account *account;
    struct arena *arena;
    struct op op;
    int64_t calendar;
    int64_t tasks;
    int64_t contacts;
    struct object_written written; /* by the last put */
    char directory[64];            /* of the state; "" in RAM */
};

/* How long what fails is tried again in an office that is opened from now on:
 * for long, unless a test wants to see it given up. */
extern const char *office_patience;

/* Ann's, on an Exchange that Bob and Carol have mailboxes at as well. */
struct office office_open(enum exchange_version version);
struct office office_open_on_disk(enum exchange_version version);

/* The same where all that is asked for once is known, and an event: "warm". */
struct office office_open_warm(void);

/* A gateway of its own before the same Exchange: what one user does at two
 * places, or what others do. */
struct office office_beside(const struct office *office, const char *user);
void office_close(struct office *office);

/* Starts the gateway, of which there is none. */
void office_log_in(struct office *office);

/* Ends the gateway and starts it again, with its state or without. */
void office_restart(struct office *office, bool forget);

/* Asks Exchange for what is new. */
struct object_marks office_refresh(struct office *office, int64_t folder);

enum status office_put(struct office *office, int64_t folder, const char *name,
                       const char *text);
enum status office_put_if(struct office *office, int64_t folder,
                          const char *name, const char *text,
                          struct object_condition condition);
enum status office_delete(struct office *office, int64_t folder,
                          const char *name);

/* The text as it is by now, NULL where there is none; of cards as vCard 4. */
const char *office_get(struct office *office, int64_t folder, const char *name);
const char *office_get_as(struct office *office, int64_t folder,
                          const char *name, enum vcard_version version);
struct object office_find(struct office *office, int64_t folder,
                          const char *name);

/* The names of what is there, with a space between. */
const char *office_names(struct office *office, int64_t folder);

/* The only object whose text has this, after a look; "" for none. */
const char *office_name_of(struct office *office, int64_t folder,
                           const char *part);

/* A text with one part replaced by another, which has to be in it; and with a
 * line added before the end of its first component or card. */
const char *office_edit(struct office *office, const char *text,
                        const char *from, const char *to);

/* How many mails about a meeting somebody has in his Inbox. */
size_t office_mails(const struct office *office, const char *user);

/* Calls since the last time. */
unsigned office_calls(struct office *office);

void office_fault(struct office *office, const char *operation,
                  enum exchange_fault fault, unsigned times);

/* An event of the first of March 2038, far ahead, as nobody is told of what is
 * over: `lines` are put into it, each with its "\r\n". */
const char *office_event(struct office *office, const char *uid,
                         const char *summary, const char *lines);
const char *office_task(struct office *office, const char *uid,
                        const char *summary, const char *lines);
const char *office_card(struct office *office, const char *uid,
                        const char *name, const char *lines);

/* A text without the lines that change by themselves, and without folding. */
const char *office_plain(struct office *office, const char *text);

/* What comes, as a part of a struct object_attaching. */
#define FILE_OF(NAME, TEXT)                                                    \
    .file = (NAME), .type = "text/plain", .data = (TEXT), .len = strlen(TEXT)

#define EXPECT_OK(call)                                                        \
    do {                                                                       \
        enum status office_status = (call);                                    \
        cr_expect_eq(office_status, STATUS_OK, "%s is %s: %s", #call,          \
                     status_name(office_status),                               \
                     office.op.reason == NULL ? "" : office.op.reason);        \
    } while (0)

#endif
