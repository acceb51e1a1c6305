/*
 * turmoil.c - random things that a mail program and Exchange itself do to a
 * mailbox
 *
 * A NO is no failure: the program may ask for what Exchange has just taken
 * away.  A BAD or silence is.
 */
#include "tests/clients/turmoil.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/time.h"
#include "tests/clients/answer.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define BOXES 6 /* "Box 0" to "Box 5", of which some exist */
#define PICK(turmoil, list)                                                    \
    (list)[turmoil_pick(turmoil, sizeof(list) / sizeof *(list))]

static const char *const flags[] = {
    "\\Seen", "\\Flagged", "\\Answered", "\\Deleted", "Bread", "Salt",
    "\\Seen \\Flagged", "\\Answered Bread Milk", "$Forwarded", "$Junk Tea",
};

static const char *const categories[][3] = {
    { NULL }, { "Bread", NULL }, { "Tea", "Milk", NULL }, { "Salt", NULL },
};

uint32_t turmoil_seed(const char *test)
{
    const char *given = getenv("POSTERN_SEED");
    uint32_t seed = given != NULL ? (uint32_t)strtoul(given, NULL, 10)
                                  : 20261122;

    fprintf(stderr, "%s: seed %u\n", test, seed);
    return seed;
}

/* xorshift32: the same numbers everywhere */
uint32_t turmoil_pick(struct turmoil *turmoil, uint32_t below)
{
    turmoil->random ^= turmoil->random << 13;
    turmoil->random ^= turmoil->random >> 17;
    turmoil->random ^= turmoil->random << 5;
    return turmoil->random % below;
}

/* --- Names ---------------------------------------------------------------- */

static void box(struct turmoil *turmoil, char name[32])
{
    snprintf(name, 32, "Box %u", turmoil_pick(turmoil, BOXES));
}

/* The inbox as often as any box. */
static void any_folder(struct turmoil *turmoil, char name[32])
{
    box(turmoil, name);
    if (turmoil_pick(turmoil, 2) == 0)
        snprintf(name, 32, "INBOX");
}

/* A message that no other is; free it. */
static char *message(struct turmoil *turmoil)
{
    char subject[40];
    char id[60];
    char body[400];
    unsigned number = ++turmoil->messages;
    size_t len = 2 + turmoil_pick(turmoil, 300);

    snprintf(subject, sizeof subject, "Turmoil %u", number);
    snprintf(id, sizeof id, "<turmoil.%u@postern.example>", number);
    memset(body, 'a' + (int)(number % 26), len);
    memcpy(body + len, "\r\n", 3);
    return harness_message(subject, id, body);
}

/* --- What the program does ------------------------------------------------ */

static enum said ask(struct turmoil *turmoil, const char *command)
{
    struct answer answer = answer_to(turmoil->link, "%s", command);
    enum said said = answer.said;

    cr_assert(said == SAID_OK || said == SAID_NO, "%s: %s, %s", command,
              said_name(said), answer.text.len > 0 ? answer.text.data : "");
    turmoil->refused += said == SAID_NO;
    answer_fini(&answer);
    return said;
}

/* Opens another mailbox; false if that was not to be had. */
static bool open_any(struct turmoil *turmoil)
{
    char name[32];
    char command[60];

    any_folder(turmoil, name);
    snprintf(command, sizeof command, "SELECT \"%s\"", name);
    bool open = ask(turmoil, command) == SAID_OK;
    snprintf(turmoil->folder, sizeof turmoil->folder, "%s", open ? name : "");
    return open;
}

/* Some of its messages as a set of numbers; false if there are none. */
static bool some(struct turmoil *turmoil, char set[40])
{
    struct answer answer = answer_to(turmoil->link, "UID SEARCH ALL");
    uint32_t uids[4096];
    size_t count = 0;
    char *at =
        answer.text.len > 0 ? strstr(answer.text.data, "* SEARCH") : NULL;

    for (at = at != NULL ? at + 8 : NULL; at != NULL && *at == ' ';)
        if (count < sizeof uids / sizeof *uids)
            uids[count++] = (uint32_t)strtoul(at + 1, &at, 10);
    answer_fini(&answer);
    if (count == 0)
        return false;
    size_t first = turmoil_pick(turmoil, (uint32_t)count);
    size_t last = first + turmoil_pick(turmoil, 4);
    snprintf(set, 40, "%u:%u", uids[first],
             uids[last < count ? last : count - 1]);
    return true;
}

/* A UID command on some messages of the mailbox that is open. */
static void ask_about_some(struct turmoil *turmoil, const char *command,
                           const char *rest)
{
    char set[40];
    char line[200];

    if (turmoil->folder[0] == '\0' || turmoil_pick(turmoil, 3) == 0)
        if (!open_any(turmoil))
            return;
    if (!some(turmoil, set))
        return;
    snprintf(line, sizeof line, "UID %s %s %s", command, set, rest);
    ask(turmoil, line);
}

static void append(struct turmoil *turmoil)
{
    char *text = message(turmoil);
    char name[32];
    char *command;

    any_folder(turmoil, name);
    cr_assert(asprintf(&command, "APPEND \"%s\" (%s) {%zu+}\r\n%s", name,
                       PICK(turmoil, flags), strlen(text), text) > 0);
    ask(turmoil, command);
    free(command);
    free(text);
}

static void store(struct turmoil *turmoil)
{
    static const char *const ways[] = { "+FLAGS", "-FLAGS", "FLAGS",
                                        "+FLAGS.SILENT" };
    char rest[80];

    snprintf(rest, sizeof rest, "%s (%s)", PICK(turmoil, ways),
             PICK(turmoil, flags));
    ask_about_some(turmoil, "STORE", rest);
}

static void take(struct turmoil *turmoil, const char *command)
{
    char name[32];
    char target[40];

    any_folder(turmoil, name);
    snprintf(target, sizeof target, "\"%s\"", name);
    ask_about_some(turmoil, command, target);
}

static void copy(struct turmoil *turmoil)
{
    take(turmoil, "COPY");
}

static void move(struct turmoil *turmoil)
{
    take(turmoil, "MOVE");
}

static void expunge(struct turmoil *turmoil)
{
    if (turmoil->folder[0] == '\0' && !open_any(turmoil))
        return;
    ask_about_some(turmoil, "STORE", "+FLAGS.SILENT (\\Deleted)");
    if (turmoil->folder[0] != '\0')
        ask(turmoil, "EXPUNGE");
}

static void ask_about_box(struct turmoil *turmoil, const char *command)
{
    char name[32];
    char line[60];

    box(turmoil, name);
    if (strcmp(name, turmoil->folder) == 0)
        turmoil->folder[0] = '\0';
    snprintf(line, sizeof line, "%s \"%s\"", command, name);
    ask(turmoil, line);
}

static void create(struct turmoil *turmoil)
{
    ask_about_box(turmoil, "CREATE");
}

static void delete(struct turmoil *turmoil)
{
    ask_about_box(turmoil, "DELETE");
}

static void rename_box(struct turmoil *turmoil)
{
    char from[32];
    char to[32];
    char line[100];

    box(turmoil, from);
    box(turmoil, to);
    turmoil->folder[0] = '\0';
    snprintf(line, sizeof line, "RENAME \"%s\" \"%s\"", from, to);
    ask(turmoil, line);
}

/* --- What Exchange does --------------------------------------------------- */

struct place {
    struct exchange *exchange;
    char folder[32];
    size_t nth;
};

static struct place any_place(struct turmoil *turmoil)
{
    struct place place = { .exchange = turmoil->harness->exchange };

    any_folder(turmoil, place.folder);
    size_t count = exchange_count(place.exchange, ANN, place.folder);
    place.nth = count > 0 ? turmoil_pick(turmoil, (uint32_t)count) : 0;
    return place;
}

static void deliver(struct turmoil *turmoil)
{
    char *text = message(turmoil);
    char name[32];

    any_folder(turmoil, name);
    exchange_add_message(turmoil->harness->exchange, ANN, name, text,
                         strlen(text), time_now(), false);
    free(text);
}

static void read_there(struct turmoil *turmoil)
{
    struct place place = any_place(turmoil);

    exchange_mark_read(place.exchange, ANN, place.folder, place.nth,
                       turmoil_pick(turmoil, 2) == 0);
}

static void flag_there(struct turmoil *turmoil)
{
    struct place place = any_place(turmoil);

    exchange_flag(place.exchange, ANN, place.folder, place.nth,
                  turmoil_pick(turmoil, 2) == 0);
}

static void categorize_there(struct turmoil *turmoil)
{
    struct place place = any_place(turmoil);

    exchange_categorize(place.exchange, ANN, place.folder, place.nth,
                        PICK(turmoil, categories));
}

static void remove_there(struct turmoil *turmoil)
{
    struct place place = any_place(turmoil);

    exchange_remove(place.exchange, ANN, place.folder, place.nth);
}

static void move_there(struct turmoil *turmoil)
{
    struct place place = any_place(turmoil);
    char target[32];

    any_folder(turmoil, target);
    exchange_move(place.exchange, ANN, place.folder, place.nth, target);
}

static void create_there(struct turmoil *turmoil)
{
    char name[32];

    box(turmoil, name);
    exchange_add_folder(turmoil->harness->exchange, ANN, name);
}

static void rename_there(struct turmoil *turmoil)
{
    char from[32];
    char to[32];

    box(turmoil, from);
    box(turmoil, to);
    exchange_rename_folder(turmoil->harness->exchange, ANN, from, to);
}

static void delete_there(struct turmoil *turmoil)
{
    char name[32];

    box(turmoil, name);
    exchange_remove_folder(turmoil->harness->exchange, ANN, name);
}

/* --- All of it ------------------------------------------------------------ */

/* clang-format off */
static const struct {
    unsigned weight;
    void (*act)(struct turmoil *turmoil);
} deeds[] = {
    { 20, append },
    { 20, store },
    {  6, copy },
    {  6, move },
    {  6, expunge },
    {  3, create },
    {  1, delete },
    {  1, rename_box },
    { 14, deliver },
    {  8, read_there },
    {  8, flag_there },
    {  8, categorize_there },
    {  8, remove_there },
    {  6, move_there },
    {  2, create_there },
    {  1, rename_there },
    {  1, delete_there },
};
/* clang-format on */

static void act(struct turmoil *turmoil)
{
    unsigned sum = 0;
    size_t i = 0;

    for (size_t k = 0; k < sizeof deeds / sizeof *deeds; k++)
        sum += deeds[k].weight;
    uint32_t chosen = turmoil_pick(turmoil, sum);
    while (chosen >= deeds[i].weight)
        chosen -= deeds[i++].weight;
    deeds[i].act(turmoil);
}

void turmoil_init(struct turmoil *turmoil, struct harness *harness,
                  uint32_t seed)
{
    *turmoil = (struct turmoil){ .harness = harness,
                                 .random = seed != 0 ? seed : 1 };
    for (int i = 0; i < BOXES / 2; i++)
        create_there(turmoil);
    for (int i = 0; i < 40; i++)
        deliver(turmoil);
    turmoil_return(turmoil);
}

void turmoil_return(struct turmoil *turmoil)
{
    turmoil->link = script_imap_open(turmoil->harness);
    turmoil->folder[0] = '\0';
}

void turmoil_fini(struct turmoil *turmoil)
{
    link_close(&turmoil->link);
}

void turmoil_rage(struct turmoil *turmoil, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        act(turmoil);
}
