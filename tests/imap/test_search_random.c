/*
 * test_search_random.c - SEARCH, SORT and THREAD against what FETCH shows
 *
 * Random messages, all of which are fetched whole; then random keys, whose
 * results are found again by looking at every message.  $POSTERN_SEED takes
 * another seed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "tests/exchange/exchange.h"
#include "tests/imap/client.h"

#define USER "ann@example.com"
#define START 1000080000 /* 10 September 2001, 00:00:00 UTC */
#define DAY 86400
#define DAYS 9
#define MESSAGES_MAX 260
#define DEPTH 4

static unsigned seed;

static unsigned pick(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % below;
}

static void begin_random(void)
{
    const char *given = getenv("POSTERN_SEED");

    seed = (unsigned)strtoul(given != NULL ? given : "20261122", NULL, 10);
}

static const char *const words[] = { "bread", "water", "salt", "oven",
                                     "flour", "Bread", "seeds" };
#define WORD words[pick(sizeof words / sizeof *words)]

/* --- Messages ------------------------------------------------------------- */

static struct imap_world *world;
static struct imap_client *ann;

/* What FETCH has shown. */
static struct shown {
    uint32_t uid;
    int64_t received;
    unsigned long long size;
    bool seen, flagged;
    const char *content;
    const char *body; /* within the content */
} shown[MESSAGES_MAX + 1];
static size_t count;
static struct arena *arena;

static void add_message(size_t n)
{
    struct buf mime;
    char date[40];
    buf_init(&mime, NULL);
    time_to_rfc5322(START + (int64_t)pick(DAYS * DAY), date);
    buf_printf(&mime, "From: %s <%s@example.com>\r\nTo: ann@example.com\r\n",
               WORD, WORD);
    if (pick(3) == 0)
        buf_printf(&mime, "Cc: %s@example.com\r\n", WORD);
    if (pick(4) > 0)
        buf_printf(&mime, "Subject: %s %s\r\n", WORD, WORD);
    if (pick(5) > 0)
        buf_printf(&mime, "Date: %s\r\n", date);
    if (pick(3) == 0)
        buf_printf(&mime, "X-Tag: %s\r\n", pick(3) == 0 ? "" : WORD);
    buf_printf(&mime, "Message-ID: <m%zu@example.com>\r\n\r\n", n);
    for (unsigned lines = pick(20); lines > 0; lines--)
        buf_printf(&mime, "There is %s in it.\r\n", WORD);
    exchange_add_message(imap_world_exchange(world), USER, NULL, mime.data,
                         mime.len, START + (int64_t)pick(DAYS * DAY), false);
    buf_fini(&mime);
}

static void set_flags(const char *flag)
{
    for (size_t n = 1; n <= count; n++) {
        if (pick(3) == 0)
            imap_client_say(ann, "a STORE %zu +FLAGS.SILENT (%s)\n", n, flag);
    }
}

/* The content comes last, as a literal whose line ends have lost their CR. */
static void look_at(size_t n)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct shown *message = &shown[n];
    const char *heard = imap_client_say(
        ann, "a FETCH %zu (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])\n",
        n);
    char month[4] = "";
    int day, year, hour, minute, second;
    message->uid = (uint32_t)imap_number_after(heard, "UID ");
    message->size = imap_number_after(heard, "RFC822.SIZE ");
    message->seen = strstr(heard, "\\Seen") != NULL;
    message->flagged = strstr(heard, "\\Flagged") != NULL;
    const char *date = strstr(heard, "INTERNALDATE \"");
    cr_assert_not_null(date, "%s", heard);
    cr_assert_eq(sscanf(date, "INTERNALDATE \"%d-%3s-%d %d:%d:%d", &day, month,
                        &year, &hour, &minute, &second),
                 6);
    unsigned month_number = (unsigned)(strstr(months, month) - months) / 3 + 1;
    message->received =
        time_day_from_civil(year, month_number, (unsigned)day) * DAY +
        hour * 3600 + minute * 60 + second;
    const char *content = strstr(heard, "}\n");
    cr_assert_not_null(content, "%s", heard);
    const char *end = strstr(content, ")\na OK");
    message->content =
        arena_strndup(arena, content + 2, (size_t)(end - content - 2));
    message->body = strstr(message->content, "\n\n");
    cr_assert_not_null(message->body);
}

static void begin(size_t messages)
{
    begin_random();
    world = imap_world_new();
    ann = imap_client_ann(world);
    arena = arena_new();
    count = messages;
    for (size_t n = 1; n <= count; n++)
        add_message(n);
    imap_client_say(ann, "a SELECT INBOX\n");
    set_flags("\\Seen");
    set_flags("\\Flagged");
}

static void end(void)
{
    imap_client_free(&ann);
    imap_world_free(&world);
    arena_free(&arena);
}

/* --- What is in a message, by looking ------------------------------------- */

/* The value of the first field of that name; NULL if there is none. */
static const char *field_of(const struct shown *message, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = message->content; at < message->body;
         at = strchr(at, '\n') + 1) {
        if (strncasecmp(at, name, len) == 0 && at[len] == ':') {
            const char *value = at + len + 1;
            return arena_strndup(arena, value + (*value == ' '),
                                 strcspn(value, "\n"));
        }
    }
    return NULL;
}

static bool field_has(const struct shown *message, const char *name,
                      const char *text)
{
    const char *value = field_of(message, name);
    return value != NULL && strcasestr(value, text) != NULL;
}

static int64_t sent_day(const struct shown *message)
{
    const char *date = field_of(message, "Date");
    return date == NULL ? INT64_MIN : time_from_rfc5322(date) / DAY;
}

/* --- Random keys ---------------------------------------------------------- */

enum kind {
    KEY_AND,
    KEY_OR,
    KEY_NOT,
    KEY_FROM,
    KEY_CC,
    KEY_SUBJECT,
    KEY_HEADER,
    KEY_PRESENT,
    KEY_ID,
    KEY_BODY,
    KEY_TEXT,
    KEY_SEEN,
    KEY_FLAGGED,
    KEY_SINCE,
    KEY_SENT_SINCE,
    KEY_SENT_ON,
    KEY_LARGER,
    KEY_NUMBERS,
    KEY_UIDS,
    KINDS
};

struct key {
    enum kind kind;
    const char *word;
    unsigned number, last;
    struct key *left, *right;
};

static struct key *random_key(unsigned depth)
{
    struct key *key = arena_alloc(arena, sizeof *key);
    key->kind = (enum kind)(depth == 0 ? KEY_FROM + pick(KINDS - KEY_FROM)
                                       : pick(KINDS));
    key->word = WORD;
    key->number = 1 + pick((unsigned)count);
    key->last = 1 + pick((unsigned)count);
    if (key->kind <= KEY_NOT) {
        key->left = random_key(depth - 1);
        key->right = random_key(depth - 1);
    }
    return key;
}

static const char *date_of(unsigned number)
{
    return arena_printf(arena, "%u-Sep-2001", 10 + number % DAYS);
}

static void write_key(struct buf *out, const struct key *key)
{
    switch (key->kind) {
    case KEY_AND:
    case KEY_OR:
        buf_puts(out, key->kind == KEY_AND ? "(" : "OR ");
        write_key(out, key->left);
        buf_putc(out, ' ');
        write_key(out, key->right);
        buf_puts(out, key->kind == KEY_AND ? ")" : "");
        break;
    case KEY_NOT:
        buf_puts(out, "NOT ");
        write_key(out, key->left);
        break;
    case KEY_FROM:
        buf_printf(out, "FROM %s", key->word);
        break;
    case KEY_CC:
        buf_printf(out, "CC %s@", key->word);
        break;
    case KEY_SUBJECT:
        buf_printf(out, "SUBJECT %s", key->word);
        break;
    case KEY_HEADER:
        buf_printf(out, "HEADER X-Tag %s", key->word);
        break;
    case KEY_PRESENT:
        buf_puts(out, "HEADER X-Tag \"\"");
        break;
    case KEY_ID:
        buf_printf(out, "HEADER Message-ID m%u@", key->number);
        break;
    case KEY_BODY:
        buf_printf(out, "BODY \"is %s\"", key->word);
        break;
    case KEY_TEXT:
        buf_printf(out, "TEXT %s", key->word);
        break;
    case KEY_SEEN:
        buf_puts(out, "SEEN");
        break;
    case KEY_FLAGGED:
        buf_puts(out, "UNFLAGGED");
        break;
    case KEY_SINCE:
        buf_printf(out, "SINCE %s", date_of(key->number));
        break;
    case KEY_SENT_SINCE:
        buf_printf(out, "SENTSINCE %s", date_of(key->number));
        break;
    case KEY_SENT_ON:
        buf_printf(out, "SENTON %s", date_of(key->number));
        break;
    case KEY_LARGER:
        buf_printf(out, "LARGER %u", key->number * 3);
        break;
    case KEY_NUMBERS:
        buf_printf(out, "%u:%u", key->number, key->last);
        break;
    case KEY_UIDS:
        buf_printf(out, "UID %u,%u:*", key->number, key->last);
        break;
    default:
        break;
    }
}

static bool is_between(unsigned n, unsigned a, unsigned b)
{
    return (n >= a && n <= b) || (n >= b && n <= a);
}

static bool fits(const struct key *key, size_t n)
{
    const struct shown *message = &shown[n];
    int64_t day = START / DAY + key->number % DAYS;
    switch (key->kind) {
    case KEY_AND:
        return fits(key->left, n) && fits(key->right, n);
    case KEY_OR:
        return fits(key->left, n) || fits(key->right, n);
    case KEY_NOT:
        return !fits(key->left, n);
    case KEY_FROM:
        return field_has(message, "From", key->word);
    case KEY_CC:
        return field_has(message, "Cc", arena_printf(arena, "%s@", key->word));
    case KEY_SUBJECT:
        return field_has(message, "Subject", key->word);
    case KEY_HEADER:
        return field_has(message, "X-Tag", key->word);
    case KEY_PRESENT:
        return field_has(message, "X-Tag", "");
    case KEY_ID:
        return field_has(message, "Message-ID",
                         arena_printf(arena, "m%u@", key->number));
    case KEY_BODY:
        return strcasestr(message->body,
                          arena_printf(arena, "is %s", key->word)) != NULL;
    case KEY_TEXT:
        return strcasestr(message->content, key->word) != NULL;
    case KEY_SEEN:
        return message->seen;
    case KEY_FLAGGED:
        return !message->flagged;
    case KEY_SINCE:
        return message->received / DAY >= day;
    case KEY_SENT_SINCE:
        return sent_day(message) >= day;
    case KEY_SENT_ON:
        return sent_day(message) == day;
    case KEY_LARGER:
        return message->size > key->number * 3;
    case KEY_NUMBERS:
        return is_between((unsigned)n, key->number, key->last);
    case KEY_UIDS:
        return message->uid == key->number ||
               is_between(message->uid, key->last, shown[count].uid);
    default:
        return false;
    }
}

static const char *ask(const struct key *key)
{
    struct buf text;
    buf_init(&text, arena);
    write_key(&text, key);
    return text.data;
}

static void check(const struct key *key, const char *text, const char *heard)
{
    struct buf expected;
    buf_init(&expected, arena);
    buf_puts(&expected, "* SEARCH");
    for (size_t n = 1; n <= count; n++) {
        if (fits(key, n))
            buf_printf(&expected, " %zu", n);
    }
    buf_puts(&expected, "\na OK SEARCH completed\n");
    cr_assert_str_eq(heard, expected.data, "%s\n%s%s", text, heard,
                     expected.data);
}

/* Sizes are estimates until a message has been read. */
static bool asks_size(const struct key *key)
{
    return key->kind == KEY_LARGER ||
           (key->kind <= KEY_NOT &&
            (asks_size(key->left) || asks_size(key->right)));
}

/* Half of the searches come before anything of the messages is known. */
static void search_at_random(size_t messages, size_t searches)
{
    begin(messages);
    struct key **keys = arena_array(arena, searches, sizeof *keys);
    const char **heard = arena_array(arena, searches, sizeof *heard);
    for (size_t i = 0; i < searches; i++) {
        keys[i] = random_key(DEPTH);
        heard[i] = arena_strdup(
            arena, imap_client_say(ann, "a SEARCH %s\n", ask(keys[i])));
    }
    for (size_t n = 1; n <= count; n++)
        look_at(n);
    for (size_t i = 0; i < searches; i++) {
        const char *text = ask(keys[i]);
        if (!asks_size(keys[i]))
            check(keys[i], text, heard[i]);
        check(keys[i], text, imap_client_say(ann, "a SEARCH %s\n", text));
    }
    end();
}

Test(imap_search_random, agrees_with_what_is_fetched)
{
    search_at_random(40, 150);
}

/* So many that Exchange is asked about headers. */
Test(imap_search_random, agrees_with_what_is_fetched_of_many_messages)
{
    search_at_random(MESSAGES_MAX, 12);
}

/* --- SORT ----------------------------------------------------------------- */

static const char *subject_of(const struct shown *message)
{
    const char *subject = field_of(message, "Subject");
    return subject != NULL ? subject : "";
}

static int64_t sent_of(const struct shown *message)
{
    const char *date = field_of(message, "Date");
    return date != NULL ? time_from_rfc5322(date) : message->received;
}

static int compare_numbers(long long a, long long b)
{
    return a < b ? -1 : a > b;
}

/* None of these subjects has anything to be taken off. */
static int compare(const char *criterion, size_t a, size_t b)
{
    const struct shown *x = &shown[a];
    const struct shown *y = &shown[b];
    if (strcmp(criterion, "SUBJECT") == 0)
        return strcasecmp(subject_of(x), subject_of(y));
    if (strcmp(criterion, "DATE") == 0)
        return compare_numbers(sent_of(x), sent_of(y));
    if (strcmp(criterion, "ARRIVAL") == 0)
        return compare_numbers(x->received, y->received);
    return compare_numbers((long long)x->size, (long long)y->size);
}

static void check_order(const char *criteria[2], const bool reverse[2],
                        const char *heard)
{
    size_t before = 0, found = 0;
    for (const char *at = strchr(heard, ' ') + 5; *at == ' '; found++) {
        size_t n = strtoul(at, (char **)&at, 10);
        int order = before == 0 ? -1 : 0;
        for (int i = 0; i < 2 && order == 0; i++) {
            order = compare(criteria[i], before, n);
            order = reverse[i] ? -order : order;
        }
        cr_assert(order < 0 || (order == 0 && before < n), "%zu %zu: %s",
                  before, n, heard);
        before = n;
    }
    cr_assert_eq(found, count, "%zu: %s", found, heard);
}

Test(imap_search_random, sorts_what_is_fetched)
{
    static const char *const criteria[] = { "SUBJECT", "DATE", "ARRIVAL",
                                            "SIZE" };
    begin(50);
    for (size_t n = 1; n <= count; n++)
        look_at(n);
    for (int i = 0; i < 40; i++) {
        const char *both[2] = { criteria[pick(4)], criteria[pick(4)] };
        const bool reverse[2] = { pick(2) == 0, pick(2) == 0 };
        if (both[0] == both[1])
            continue;
        check_order(both, reverse,
                    imap_client_say(ann, "a SORT (%s%s %s%s) UTF-8 ALL\n",
                                    reverse[0] ? "REVERSE " : "", both[0],
                                    reverse[1] ? "REVERSE " : "", both[1]));
    }
    end();
}
