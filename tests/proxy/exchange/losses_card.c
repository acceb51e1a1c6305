/*
 * losses_card.c - what of vCards Exchange cannot hold
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/card_line.h"
#include "tests/proxy/exchange/losses.h"
#include "tests/proxy/exchange/losses_private.h"

static bool has_parameter(const struct card_line *line,
                          const struct card_param *param)
{
    for (size_t i = 0; i < line->param_count; i++)
        if (strcmp(line->params[i].name, param->name) == 0 &&
            str_equal_nocase(line->params[i].value, param->value))
            return true;
    return false;
}

static bool same_parameters(const struct card_line *a,
                            const struct card_line *b)
{
    for (size_t i = 0; i < a->param_count; i++)
        if (!has_parameter(b, &a->params[i]))
            return false;
    return str_equal(a->group, b->group);
}

/* Without escapes, of which version 2.1 has none, and without the hyphens of
 * days, which version 4 has none of. */
static const char *plain(struct arena *arena, const char *value)
{
    char *text = card_text(arena, value), *out = text;

    for (const char *at = text; *at != '\0'; at++)
        if (*at != '-')
            *out++ = *at;
    *out = '\0';
    return text;
}

static const struct card_line *card_line_like(struct arena *arena,
                                              const struct card *card,
                                              const struct card_line *line)
{
    const struct card_line *like = NULL;

    for (size_t i = 0; i < card->count; i++) {
        const struct card_line *at = &card->lines[i];
        if (strcmp(at->name, line->name) != 0 ||
            strcmp(plain(arena, at->value), plain(arena, line->value)) != 0)
            continue;
        if (same_parameters(line, at))
            return at;
        like = at;
    }
    return like;
}

static const char *parameter_text(struct arena *arena,
                                  const struct card_param *param)
{
    return arena_printf(arena, "%s=%s", param->name, param->value);
}

static void compare_card_line(struct losses *losses, const char *text,
                              const char *component, const struct card *read,
                              const struct card_line *line)
{
    struct arena *arena = losses->arena;
    const struct card_line *like = card_line_like(arena, read, line);
    const char *what = arena_printf(arena, "%s %s", component, line->name);

    if (losses_is_moving(line->name) || strcmp(line->name, "PRODID") == 0 ||
        strcmp(line->name, "VERSION") == 0)
        return;
    if (like == NULL)
        losses_note(losses, text, what, line->value);
    for (size_t i = 0; like != NULL && i < line->param_count; i++)
        if (!has_parameter(like, &line->params[i]) &&
            !losses_is_implied(parameter_text(arena, &line->params[i])))
            losses_note(losses, text,
                        arena_printf(arena, "%s;%s", what,
                                     parameter_text(arena, &line->params[i])),
                        line->value);
}

void losses_in_card(struct losses *losses, const char *name,
                    const char *written, const char *read)
{
    const bool group = strcasestr(written, "KIND:group") != NULL;
    const char *component = group ? "GROUP" : "VCARD";
    struct card a, b;

    cr_assert_eq(card_read(losses->arena, written, strlen(written), &a),
                 CARD_FINE, "%s", name);
    cr_assert_eq(card_read(losses->arena, read, strlen(read), &b), CARD_FINE,
                 "%s", name);
    for (size_t i = 0; i < a.count; i++)
        compare_card_line(losses, name, component, &b, &a.lines[i]);
    losses->backwards = losses->lossless;
    for (size_t i = 0; i < b.count && losses->backwards; i++)
        compare_card_line(losses, name, component, &a, &b.lines[i]);
    losses->backwards = false;
}
