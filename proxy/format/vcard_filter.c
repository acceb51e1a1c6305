/*
 * vcard_filter.c - which vCards a client has asked for (RFC 6352, 10.5)
 */
#include "proxy/format/vcard_filter.h"

#include <string.h>

#include <unicode/uchar.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/format/card_line.h"

/* --- Texts --------------------------------------------------------------- */

/* As the collation sees it: what is equal then is the same. */
static const char *folded(struct arena *arena, const char *text,
                          enum ical_collation collation)
{
    const char *at = text, *end = text + strlen(text);
    struct buf out;

    if (collation == ICAL_OCTET)
        return text;
    if (collation == ICAL_ASCII_CASEMAP)
        return str_lower(arena_strdup(arena, text));
    buf_init(&out, arena);
    buf_puts(&out, "");
    while (at < end) {
        char put[4];
        uint32_t c = utf8_next(&at, end);

        if (c != UINT32_MAX)
            buf_append(
                &out, put,
                utf8_put((uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT),
                         put));
    }
    return out.data;
}

static bool text_fits(struct arena *arena, const struct vcard_text_match *match,
                      const char *value)
{
    const char *text = folded(arena, value, match->collation);
    const char *wanted = folded(arena, match->text, match->collation);
    size_t len = strlen(text), wanted_len = strlen(wanted);
    bool fits = false;

    switch (match->match) {
    case VCARD_CONTAINS:
        fits = strstr(text, wanted) != NULL;
        break;
    case VCARD_EQUALS:
        fits = strcmp(text, wanted) == 0;
        break;
    case VCARD_BEGINS:
        fits = strncmp(text, wanted, wanted_len) == 0;
        break;
    case VCARD_ENDS:
        fits =
            len >= wanted_len && strcmp(text + len - wanted_len, wanted) == 0;
        break;
    }
    return fits != match->negate;
}

/* --- Properties
 * --------------------------------------------------------------- */

static bool is_named(const struct card_line *line, const char *name)
{
    const char *dot = strchr(name, '.');

    if (dot == NULL)
        return str_equal_nocase(line->name, name);
    return line->group != NULL &&
           str_is_nocase(name, (size_t)(dot - name), line->group) &&
           str_equal_nocase(line->name, dot + 1);
}

static bool param_fits(struct arena *arena,
                       const struct vcard_param_filter *filter,
                       const struct card_line *line)
{
    bool found = false;

    for (size_t i = 0; i < line->param_count; i++) {
        if (!str_equal_nocase(line->params[i].name, filter->name))
            continue;
        if (filter->text == NULL ||
            text_fits(arena, filter->text, line->params[i].value))
            found = true;
        else if (filter->absent)
            return false;
    }
    return found != filter->absent;
}

static bool line_fits(struct arena *arena,
                      const struct vcard_prop_filter *filter,
                      const struct card_line *line)
{
    const char *value = card_text(arena, line->value);
    size_t fits = 0, count = filter->text_count + filter->param_count;

    for (size_t i = 0; i < filter->text_count; i++)
        fits += text_fits(arena, &filter->texts[i], value);
    for (size_t i = 0; i < filter->param_count; i++)
        fits += param_fits(arena, &filter->params[i], line);
    return filter->all || count == 0 ? fits == count : fits > 0;
}

static bool prop_fits(struct arena *arena,
                      const struct vcard_prop_filter *filter,
                      const struct card *card)
{
    bool there = false;

    for (size_t i = 0; i < card->count; i++) {
        if (!is_named(&card->lines[i], filter->name))
            continue;
        there = true;
        if (!filter->absent && line_fits(arena, filter, &card->lines[i]))
            return true;
    }
    return filter->absent && !there;
}

bool vcard_matches(struct arena *arena, const char *text, size_t len,
                   const struct vcard_filter *filter)
{
    struct card card;
    size_t fits = 0;

    if (card_read(arena, text, len, &card) != CARD_FINE)
        return false;
    for (size_t i = 0; i < filter->prop_count; i++)
        fits += prop_fits(arena, &filter->props[i], &card);
    return filter->all || filter->prop_count == 0 ? fits == filter->prop_count
                                                  : fits > 0;
}

/* --- Parts --------------------------------------------------------------- */

static const char *const needed[] = { "VERSION", "FN", "N", "UID", NULL };

static bool is_needed(const struct card_line *line)
{
    for (size_t i = 0; needed[i] != NULL; i++)
        if (strcmp(line->name, needed[i]) == 0)
            return true;
    return false;
}

const char *vcard_shaped(struct arena *arena, const char *text, size_t len,
                         const char *const *names, const bool *no_value)
{
    struct card card;
    struct buf out;

    if (names == NULL || card_read(arena, text, len, &card) != CARD_FINE)
        return arena_strndup(arena, text, len);
    buf_init(&out, arena);
    buf_puts(&out, "BEGIN:VCARD\r\n");
    for (size_t i = 0; i < card.count; i++) {
        struct card_line line = card.lines[i];
        size_t at = 0;

        while (names[at] != NULL && !is_named(&line, names[at]))
            at++;
        if (names[at] == NULL && !is_needed(&line))
            continue;
        if (names[at] != NULL && no_value[at])
            line.value = "";
        card_write(&out, &line);
    }
    buf_puts(&out, "END:VCARD\r\n");
    return out.data;
}
