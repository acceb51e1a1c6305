/*
 * words.c - reads the words of what the gateway has said
 */
#include "tests/clients/words.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

static void pass_spaces(struct words *words)
{
    while (words->at < words->end && *words->at == ' ')
        words->at++;
}

static size_t atom_len(const struct words *words)
{
    size_t len = 0;

    while (words->at + len < words->end &&
           strchr(" ()\r\n\"", words->at[len]) == NULL)
        len++;
    return len;
}

bool words_mark(struct words *words, char mark)
{
    pass_spaces(words);
    if (words->at == words->end || *words->at != mark)
        return false;
    words->at++;
    return true;
}

bool words_take(struct words *words, const char *atom)
{
    pass_spaces(words);
    size_t len = atom_len(words);
    if (!str_is_nocase(words->at, len, atom))
        return false;
    words->at += len;
    return true;
}

bool words_number(struct words *words, uint64_t *number_out)
{
    pass_spaces(words);
    size_t digits = strspn(words->at, "0123456789");
    char *text = arena_strndup(words->arena, words->at, digits);
    if (digits == 0 || !str_to_u64(text, UINT64_MAX, number_out))
        return false;
    words->at += digits;
    return true;
}

/* --- Texts ---------------------------------------------------------------- */

static char *quoted(struct words *words, size_t *len_out)
{
    struct buf text;

    buf_init(&text, words->arena);
    for (words->at++; words->at < words->end && *words->at != '"';
         words->at++) {
        if (*words->at == '\\')
            words->at++;
        buf_putc(&text, *words->at);
    }
    words->at++;
    *len_out = text.len;
    return text.len > 0 ? text.data : arena_strdup(words->arena, "");
}

static char *literal(struct words *words, size_t *len_out)
{
    char *end;
    size_t len = strtoul(words->at + 1, &end, 10);

    cr_assert(str_starts(end, "}\r\n"), "no literal: %.60s", words->at);
    end += 3;
    cr_assert(len <= (size_t)(words->end - end), "a literal is cut off");
    words->at = end + len;
    *len_out = len;
    return arena_strndup(words->arena, end, len);
}

char *words_text(struct words *words, size_t *len_out)
{
    size_t len;

    pass_spaces(words);
    if (len_out == NULL)
        len_out = &len;
    if (words->at < words->end && *words->at == '"')
        return quoted(words, len_out);
    if (words->at < words->end && *words->at == '{')
        return literal(words, len_out);
    *len_out = atom_len(words);
    if (*len_out == 0)
        return NULL;
    words->at += *len_out;
    return arena_strndup(words->arena, words->at - *len_out, *len_out);
}

void words_skip(struct words *words)
{
    size_t depth = 0;

    do {
        if (words_mark(words, '('))
            depth++;
        else if (words_mark(words, ')'))
            depth--;
        else if (words_text(words, NULL) == NULL)
            return;
    } while (depth > 0);
}

void words_next_response(struct words *words)
{
    while (words->at < words->end && *words->at != '\n')
        if (!words_mark(words, '(') && !words_mark(words, ')') &&
            words_text(words, NULL) == NULL)
            words->at++;
    if (words->at < words->end)
        words->at++;
}

bool words_range(struct words *words, uint32_t *first_out, uint32_t *last_out)
{
    uint64_t first, last;

    if (!words_number(words, &first))
        return false;
    last = first;
    if (words_mark(words, ':'))
        cr_assert(words_number(words, &last));
    words_mark(words, ',');
    *first_out = (uint32_t)(first < last ? first : last);
    *last_out = (uint32_t)(first < last ? last : first);
    return true;
}

uint64_t words_code(const struct words *words, const char *name)
{
    size_t len = strcspn(words->at, "\r\n");
    char *line = arena_strndup(words->arena, words->at, len);
    char *code = arena_printf(words->arena, "[%s ", name);
    const char *found = strstr(line, code);

    return found != NULL ? strtoull(found + strlen(code), NULL, 10) : 0;
}
