/*
 * anr.c - ambiguous name resolution: whom a few letters may mean
 *
 * All values of an entry are folded once and joined, each with a mark before
 * it, so that looking for a beginning is looking for the mark with the letters.
 */
#include "tests/exchange/anr.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/text.h"

/* What stands before a value: any; and again before those of persons. */
#define VALUE "\n"
#define GIVEN "\1"
#define SURNAME "\2"

/* --- Folding ------------------------------------------------------------- */

/* The letters from U+00E0 and from U+0100 on without what is above and below
 * them; a blank has no simpler form. */
static const char latin1[] = "aaaaaa ceeeeiiii nooooo ouuuuy y";
static const char latin_a[] =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkk "
    "llllllllllnnnnnnn  oooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static char base_of(uint32_t c)
{
    if (c >= 0xe0 && c < 0xe0 + sizeof latin1 - 1)
        return latin1[c - 0xe0];
    return c >= 0x100 && c < 0x100 + sizeof latin_a - 1 ? latin_a[c - 0x100]
                                                        : ' ';
}

static const char *written_as(uint32_t c)
{
    return c == 0xdf ? "ss" : c == 0xe6 ? "ae" : c == 0x153 ? "oe" : NULL;
}

char *anr_fold(struct arena *arena, const char *text)
{
    const char *at = text_fold(arena, text);
    const char *end = at + strlen(at);
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    while (at < end) {
        uint32_t c = utf8_next(&at, end);
        char octets[4];

        if (written_as(c) != NULL)
            buf_puts(&out, written_as(c));
        else if (base_of(c) != ' ')
            buf_putc(&out, base_of(c));
        else
            buf_append(&out, octets, utf8_put(c, octets));
    }
    return out.len == 0 ? arena_strdup(arena, "") : out.data;
}

/* --- What is looked for -------------------------------------------------- */

static const char *marked(struct arena *arena, const char *mark,
                          const char *word, size_t len)
{
    return arena_printf(arena, "%s%s", mark, arena_strndup(arena, word, len));
}

void anr_init(struct anr *anr, struct arena *arena, const char *entry)
{
    const char *text = anr_fold(arena, str_trim(arena, entry));
    const char *blank = strchr(text, ' ');
    bool exact = *text == '=';

    *anr = (struct anr){ .text = text };
    if (str_starts_nocase(text, "smtp:")) {
        anr->address = arena_strdup(arena, text + 5);
        return;
    }
    anr->text = exact ? arena_printf(arena, VALUE "%s" VALUE, text + 1)
                      : arena_printf(arena, VALUE "%s", text);
    if (blank == NULL || exact)
        return;
    const char *other = blank + strspn(blank, " ");
    size_t len = (size_t)(blank - text);
    anr->first[0] = marked(arena, GIVEN, text, len);
    anr->last[0] = marked(arena, SURNAME, other, strlen(other));
    anr->first[1] = marked(arena, GIVEN, other, strlen(other));
    anr->last[1] = marked(arena, SURNAME, text, len);
}

/* --- Who fits ------------------------------------------------------------ */

static void put_value(struct buf *key, struct arena *arena, const char *mark,
                      const char *text)
{
    if (text != NULL)
        buf_printf(key, "%s%s" VALUE, mark, anr_fold(arena, text));
}

static char *key_of(struct arena *arena, const struct sim_entry *entry)
{
    const char *given = sim_given_name(arena, entry);
    const char *surname = sim_surname(arena, entry);
    const char *other;
    struct buf key;

    buf_init(&key, arena);
    buf_puts(&key, VALUE);
    put_value(&key, arena, "", entry->name);
    put_value(&key, arena, "", given);
    put_value(&key, arena, "", surname);
    put_value(&key, arena, "", entry->alias);
    put_value(&key, arena, "", entry->address);
    put_value(&key, arena, "", sim_detail(entry, "OfficeLocation"));
    for (size_t i = 0;
         (other = sim_detail_nth(entry, "ProxyAddress", i)) != NULL; i++)
        put_value(&key, arena, "", other);
    put_value(&key, arena, GIVEN, given);
    put_value(&key, arena, SURNAME, surname);
    return key.data;
}

static bool fits(const struct anr *anr, const char *key)
{
    if (strstr(key, anr->text) != NULL)
        return true;
    for (size_t i = 0; i < 2; i++)
        if (anr->first[i] != NULL && strstr(key, anr->first[i]) != NULL &&
            strstr(key, anr->last[i]) != NULL)
            return true;
    return false;
}

static bool is_address(const struct anr *anr, const struct sim_entry *entry)
{
    const char *other;

    for (size_t i = 0;
         (other = sim_detail_nth(entry, "ProxyAddress", i)) != NULL; i++)
        if (str_equal_nocase(other, anr->address))
            return true;
    return str_equal_nocase(entry->address, anr->address);
}

bool anr_fits(const struct anr *anr, struct sim_entry *entry)
{
    if (entry->gone)
        return false;
    if (anr->address != NULL)
        return is_address(anr, entry);
    if (entry->key == NULL) {
        struct arena *arena = arena_new();

        entry->key = memory_strdup(key_of(arena, entry));
        arena_free(&arena);
    }
    return fits(anr, entry->key);
}

bool anr_fits_names(const struct anr *anr, struct arena *arena,
                    const char *name, const char *given, const char *surname,
                    const char *address)
{
    struct buf key;

    if (anr->address != NULL)
        return str_equal_nocase(address, anr->address);
    buf_init(&key, arena);
    buf_puts(&key, VALUE);
    put_value(&key, arena, "", name);
    put_value(&key, arena, "", given);
    put_value(&key, arena, "", surname);
    put_value(&key, arena, "", address);
    put_value(&key, arena, GIVEN, given);
    put_value(&key, arena, SURNAME, surname);
    return fits(anr, key.data);
}

/* --- All of them --------------------------------------------------------- */

/* Names first, and who came first among equal ones. */
static int compare(const void *a, const void *b)
{
    const struct sim_entry *left = *(struct sim_entry *const *)a;
    const struct sim_entry *right = *(struct sim_entry *const *)b;
    int order = left->key == NULL || right->key == NULL
                    ? strcmp(left->name, right->name)
                    : strcmp(left->key, right->key);

    if (order != 0)
        return order;
    return left->number < right->number ? -1 : left->number > right->number;
}

struct sim_entry **anr_find(const struct anr *anr, struct arena *arena,
                            const struct exchange *exchange, size_t *count_out)
{
    struct sim_entry **found =
        arena_array(arena, exchange->entry_count + 1, sizeof *found);
    size_t count = 0;

    for (size_t i = 0; i < exchange->entry_count; i++)
        if (anr_fits(anr, exchange->entries[i]))
            found[count++] = exchange->entries[i];
    qsort(found, count, sizeof *found, compare);
    *count_out = count;
    return found;
}
