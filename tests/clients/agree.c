/*
 * agree.c - whether a client, the gateway's index and Exchange see the same
 *
 * Exchange knows no UIDs, and a client that has flags of which Exchange has no
 * property of its own tells more than Exchange: what both know is compared.
 */
#include "tests/clients/agree.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/clients/harness.h"
#include "tests/clients/mirror.h"
#include "tests/clients/offline.h"
#include "tests/clients/program.h"

char *agree_texts(struct arena *arena, const char *a_name, const char *a,
                  const char *b_name, const char *b)
{
    size_t same = 0;

    while (a[same] != '\0' && a[same] == b[same])
        same++;
    if (a[same] == '\0' && b[same] == '\0')
        return NULL;
    while (same > 0 && a[same - 1] != '\n')
        same--;
    return arena_printf(arena, "%s: %.*s\n%s: %.*s", a_name,
                        (int)strcspn(a + same, "\n"), a + same, b_name,
                        (int)strcspn(b + same, "\n"), b + same);
}

/* --- Exchange ------------------------------------------------------------- */

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *join_sorted(struct arena *arena, char **words, const char *with)
{
    struct buf text;
    size_t count = 0;

    while (words[count] != NULL)
        count++;
    qsort(words, count, sizeof *words, compare_words);
    buf_init(&text, arena);
    buf_puts(&text, "");
    for (size_t i = 0; i < count; i++)
        buf_printf(&text, "%s%s", words[i], with);
    return count > 0 ? text.data : arena_strdup(arena, "");
}

/* A list as exchange_list gives it, in order. */
static char *in_order(struct arena *arena, const char *list)
{
    char **lines = str_split(arena, list, "\n");

    for (size_t i = 0; lines[i] != NULL; i++)
        lines[i] = join_sorted(
            arena, str_split(arena, str_lower(lines[i]), " "), " ");
    return join_sorted(arena, lines, "\n");
}

/* What Exchange has, in its words. */
static bool is_known_there(const char *flag)
{
    static const char *const flags[] = { "\\Seen", "\\Flagged", "\\Deleted" };

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (str_equal_nocase(flags[i], flag))
            return true;
    return isalpha((unsigned char)flag[0]);
}

static char *as_there(struct arena *arena, const struct mirror *mirror)
{
    struct buf text;

    buf_init(&text, arena);
    buf_puts(&text, "");
    for (size_t i = 0; i < mirror->count; i++) {
        const struct mirror_message *message = &mirror->messages[i];
        char **flags = str_split(arena, message->flags, " ");

        buf_printf(&text, "%s %" PRIu64, message->id, message->size);
        for (size_t k = 0; flags[k] != NULL; k++)
            if (is_known_there(flags[k]))
                buf_printf(&text, " %s",
                           flags[k][0] == '\\' ? flags[k] + 1 : flags[k]);
        buf_putc(&text, '\n');
    }
    return in_order(arena, mirror->count > 0 ? text.data : "");
}

/* The names of what is looked at: the inbox and the boxes of the turmoil. */
static bool is_compared(const char *name)
{
    return str_equal(name, "INBOX") ||
           (str_starts(name, "Box ") && strchr(name, '/') == NULL);
}

static char *names_here(struct arena *arena, const struct offline *client)
{
    struct buf names;

    buf_init(&names, arena);
    buf_puts(&names, "inbox\n");
    for (size_t i = 0; i < client->count; i++)
        if (is_compared(client->mirrors[i]->name))
            buf_printf(&names, "%s\n", client->mirrors[i]->name);
    return in_order(arena, names.data);
}

static char *names_there(struct arena *arena, const struct harness *harness)
{
    char *list = exchange_list_folders(harness->exchange, ANN);
    char **lines = str_split(arena, list, "\n");
    struct buf names;

    buf_init(&names, arena);
    buf_puts(&names, "inbox\n");
    for (size_t i = 0; lines[i] != NULL; i++)
        if (is_compared(lines[i]) || str_equal_nocase(lines[i], "inbox"))
            buf_printf(&names, "%s\n", lines[i]);
    free(list);
    return in_order(arena, names.data);
}

char *agree_with_exchange(struct arena *arena, const struct harness *harness,
                          const struct offline *client)
{
    char *difference =
        agree_texts(arena, "client", names_here(arena, client), "Exchange",
                    names_there(arena, harness));

    for (size_t i = 0; i < client->count && difference == NULL; i++) {
        const struct mirror *mirror = client->mirrors[i];

        if (!is_compared(mirror->name))
            continue;
        char *list = exchange_list(harness->exchange, ANN, mirror->name);
        difference = agree_texts(
            arena, arena_printf(arena, "client, %s", mirror->name),
            as_there(arena, mirror), "Exchange", in_order(arena, list));
        free(list);
    }
    return difference;
}

/* --- The index ------------------------------------------------------------ */

/* A copy, as the gateway locks its file, and as reading a file whose writer was
 * killed changes it. */
static sqlite3 *open_index(const struct harness *harness)
{
    const char *copy[] = { "sh", "-c",
                           "rm -rf copy; mkdir copy;"
                           " cp state/*/index.sqlite* copy",
                           NULL };
    char *path = harness_path(harness, "copy/index.sqlite");
    sqlite3 *index = NULL;

    cr_assert(harness->daemon == 0, "the gateway still runs");
    free(program_succeed(harness, copy, NULL));
    cr_assert(sqlite3_open(path, &index) == SQLITE_OK, "%s", path);
    free(path);
    return index;
}

static int compare_nocase(const void *a, const void *b)
{
    return str_compare_nocase(*(char *const *)a, *(char *const *)b);
}

/* Flags by bit, and categories, in the order and form of a mirror. */
static char *flags_of(struct arena *arena, sqlite3_stmt *row)
{
    static const char *const bits[] = { "\\Seen",     "\\Answered",
                                        "\\Flagged",  "\\Deleted",
                                        "\\Draft",    "$Forwarded",
                                        "$MDNSent",   "$Junk",
                                        "$NotJunk" };
    const char *packed = (const char *)sqlite3_column_text(row, 4);
    int64_t set = sqlite3_column_int64(row, 3);
    struct buf words;
    size_t count = 0;

    buf_init(&words, arena);
    buf_puts(&words, packed != NULL ? packed : "");
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        if (set >> i & 1)
            buf_printf(&words, "\001%s", bits[i]);
    char **flags = str_split(arena, words.len > 0 ? words.data : "", "\001");
    while (flags[count] != NULL)
        count++;
    qsort(flags, count, sizeof *flags, compare_nocase);
    buf_clear(&words);
    for (size_t i = 0; i < count; i++)
        buf_printf(&words, "%s ", flags[i]);
    return count > 0 ? words.data : arena_strdup(arena, "");
}

/* A folder of the index as mirror_text tells of a mirror. */
static char *text_of(struct arena *arena, sqlite3 *index,
                     const struct mirror *mirror)
{
    sqlite3_stmt *row;
    struct buf text;

    cr_assert(sqlite3_prepare_v2(
                  index,
                  "SELECT uid, size, message_id, flags, categories FROM items"
                  " WHERE uid IS NOT NULL AND folder = (SELECT id FROM folders"
                  " WHERE uid_validity = ?1"
                  " AND name = ?2 COLLATE NOCASE) ORDER BY uid",
                  -1, &row, NULL) == SQLITE_OK,
              "%s", sqlite3_errmsg(index));
    sqlite3_bind_int64(row, 1, mirror->validity);
    sqlite3_bind_text(row, 2, mirror->name, -1, SQLITE_STATIC);
    buf_init(&text, arena);
    buf_puts(&text, "");
    while (sqlite3_step(row) == SQLITE_ROW)
        buf_printf(&text, "%lld %lld %s %s\n", sqlite3_column_int64(row, 0),
                   sqlite3_column_int64(row, 1), sqlite3_column_text(row, 2),
                   flags_of(arena, row));
    sqlite3_finalize(row);
    return text.len > 0 ? text.data : arena_strdup(arena, "");
}

char *agree_with_index(struct arena *arena, const struct harness *harness,
                       const struct offline *client)
{
    sqlite3 *index = open_index(harness);
    char *difference = NULL;

    for (size_t i = 0; i < client->count && difference == NULL; i++) {
        const struct mirror *mirror = client->mirrors[i];

        if (is_compared(mirror->name))
            difference = agree_texts(
                arena, arena_printf(arena, "client, %s", mirror->name),
                mirror_text(mirror, arena), "index",
                text_of(arena, index, mirror));
    }
    sqlite3_close(index);
    return difference;
}

void agree_index_is_sound(const struct harness *harness)
{
    sqlite3 *index = open_index(harness);
    sqlite3_stmt *row;

    cr_assert(sqlite3_prepare_v2(index, "PRAGMA integrity_check", -1, &row,
                                 NULL) == SQLITE_OK);
    cr_assert(sqlite3_step(row) == SQLITE_ROW);
    cr_expect_str_eq((const char *)sqlite3_column_text(row, 0), "ok");
    sqlite3_finalize(row);
    sqlite3_close(index);
}
