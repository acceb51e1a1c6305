/*
 * directory_words.c - the words by whose beginnings people are found
 */
#include "proxy/exchange/directory_words.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/format/text_key.h"

/* What stands between words that are asked for. */
#define BETWEEN " \t,;<>()\""

/* No word is longer; so is none that is asked for. */
#define LONGEST 64

struct words {
    struct arena *arena;
    const char **list;
    size_t count;
    size_t room;
};

static void add(struct words *words, const char *word, size_t len)
{
    if (words->count + 1 >= words->room) {
        size_t room = words->room == 0 ? 32 : words->room * 2;
        const char **list =
            arena_array(words->arena, room, sizeof *words->list);

        if (words->count > 0)
            memcpy(list, words->list, words->count * sizeof *list);
        words->list = list;
        words->room = room;
    }
    words->list[words->count++] =
        arena_strndup(words->arena, word, len < LONGEST ? len : LONGEST);
}

/* Whatever a client takes for equal has to be equal here, too: who was found by
 * "gr" is looked for among those when it has become "gross" of "Gro\u00df". */
static const char *fold(struct arena *arena, const char *text)
{
    const char *valid = utf8_repair(arena, text, strlen(text));
    const char *key = text_key(arena, valid, strlen(valid), TEXT_LOOSE);

    return key != NULL ? key : valid;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* --- A question ----------------------------------------------------------- */

const char *const *words_asked(struct arena *arena, const char *text)
{
    struct words words = { .arena = arena };
    char **parts = str_split(arena, fold(arena, text), BETWEEN);

    for (size_t i = 0; parts[i] != NULL; i++) {
        const char *part = parts[i];

        while (*part != '\0' && !is_letter(*part))
            part++;
        if (*part != '\0')
            add(&words, part, strlen(part));
    }
    if (words.count == 0)
        return arena_array(arena, 1, sizeof *words.list);
    return words.list;
}

/* --- A person ------------------------------------------------------------- */

/* Those that begin before `end`. */
static void add_words(struct words *words, const char *text, const char *end)
{
    bool within = false;

    for (const char *at = text; at < end; at++) {
        if (is_letter(*at) && !within)
            add(words, at, strcspn(at, BETWEEN));
        within = is_letter(*at);
    }
}

static void add_text(struct words *words, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    const char *folded = fold(words->arena, text);
    add_words(words, folded, folded + strlen(folded));
}

static void add_address(struct words *words, const char *address)
{
    const char *folded = fold(words->arena, address);
    const char *at = strchr(folded, '@');

    add_words(words, folded, at != NULL ? at : folded + strlen(folded));
}

const char *const *words_of(struct arena *arena, const struct person *person)
{
    /* What stands in an office is found by Exchange as well. */
    static const enum contact_text names[] = {
        CONTACT_DISPLAY_NAME, CONTACT_SURNAME,  CONTACT_GIVEN_NAME,
        CONTACT_MIDDLE_NAME,  CONTACT_NICKNAME, CONTACT_FILE_AS,
        CONTACT_COMPANY,      CONTACT_OFFICE,
    };
    struct words words = { .arena = arena };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        add_text(&words, person->contact.text[names[i]]);
    add_text(&words, person->alias);
    for (size_t i = 0; person->addresses[i] != NULL; i++)
        add_address(&words, person->addresses[i]);
    if (words.count == 0)
        return arena_array(arena, 1, sizeof *words.list);
    return words.list;
}

bool words_fit(const char *const *asked, const char *const *words)
{
    for (; *asked != NULL; asked++) {
        size_t i = 0;

        while (words[i] != NULL && !str_starts(words[i], *asked))
            i++;
        if (words[i] == NULL)
            return false;
    }
    return true;
}
