/*
 * card_people.c - the people of the directory whom a filter may be about
 */
#include "caldav/card_people.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/table.h"
#include "proxy/format/vcard_filter.h"

/* As many as one call tells. */
#define PEOPLE_WANTED 100

/* How many texts are asked for at most. */
#define TEXTS 8

/* What to ask for. */
struct wanted {
    const char *texts[TEXTS];
    const char *narrower[TEXTS]; /* asked for as well where a text finds more
                                    than are told; NULL: nothing */
    size_t count;
    bool blind; /* the texts alone do not find everybody who may fit */
};

/* --- The texts of a filter ------------------------------------------------ */

/* What the directory can look for: names and addresses. */
static bool is_searchable(const char *name)
{
    static const char *const names[] = { "FN", "N", "EMAIL", "NICKNAME" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_equal_nocase(names[i], name))
            return true;
    return false;
}

/* NULL: it is of no use. */
static const char *text_of(const struct vcard_text_match *match)
{
    return !match->negate && *match->text != '\0' ? match->text : NULL;
}

static bool has_text(const struct wanted *wanted, const char *text)
{
    size_t i = 0;

    while (i < wanted->count && !str_equal_nocase(wanted->texts[i], text))
        i++;
    return i < wanted->count;
}

static void add(struct wanted *wanted, const char *text, const char *narrower)
{
    if (text == NULL || (wanted->count == TEXTS && !has_text(wanted, text))) {
        wanted->blind = true;
    } else if (!has_text(wanted, text)) {
        wanted->narrower[wanted->count] = narrower;
        wanted->texts[wanted->count++] = text;
    }
}

/* Of several that all have to fit the longest one, and with it another. */
static void add_one(struct arena *arena, struct wanted *wanted,
                    const struct vcard_prop_filter *prop)
{
    const char *longest = NULL, *other = NULL;

    for (size_t i = 0; i < prop->text_count; i++) {
        const char *text = text_of(&prop->texts[i]);

        if (text == NULL)
            continue;
        if (longest == NULL || strlen(text) > strlen(longest)) {
            other = longest;
            longest = text;
        } else {
            other = text;
        }
    }
    add(wanted, longest,
        other != NULL ? arena_printf(arena, "%s %s", longest, other) : NULL);
}

static void add_prop(struct arena *arena, struct wanted *wanted,
                     const struct vcard_prop_filter *prop)
{
    bool any = !prop->all && prop->text_count + prop->param_count > 1;

    if (!is_searchable(prop->name) || prop->absent ||
        (any && prop->param_count > 0)) {
        wanted->blind = true;
        return;
    }
    for (size_t i = 0; any && i < prop->text_count; i++)
        add(wanted, text_of(&prop->texts[i]), NULL);
    if (!any)
        add_one(arena, wanted, prop);
}

/* Of properties that all have to fit, the first that names enough. */
static struct wanted wanted_of_all(struct arena *arena,
                                   const struct vcard_filter *filter)
{
    struct wanted wanted = { .blind = true };

    for (size_t i = 0; i < filter->prop_count && wanted.blind; i++) {
        wanted = (struct wanted){ .count = 0 };
        add_prop(arena, &wanted, &filter->props[i]);
    }
    return wanted;
}

/* Telephone numbers cannot be asked for; where the same text is looked for in
 * names as well, those are who is meant. */
static bool is_hinted(const struct wanted *wanted,
                      const struct vcard_prop_filter *prop)
{
    size_t i = 0;

    while (i < prop->text_count && text_of(&prop->texts[i]) != NULL &&
           has_text(wanted, prop->texts[i].text))
        i++;
    return i > 0 && i == prop->text_count;
}

static struct wanted wanted_of_any(struct arena *arena,
                                   const struct vcard_filter *filter)
{
    struct wanted wanted = { .blind = filter->prop_count == 0 };

    for (size_t i = 0; i < filter->prop_count; i++)
        if (is_searchable(filter->props[i].name))
            add_prop(arena, &wanted, &filter->props[i]);
    for (size_t i = 0; i < filter->prop_count; i++)
        if (!is_searchable(filter->props[i].name) &&
            !is_hinted(&wanted, &filter->props[i]))
            wanted.blind = true;
    return wanted;
}

/* --- Asking --------------------------------------------------------------- */

struct asking {
    struct op *op;
    struct account *account;
    bool (*each)(void *context, const struct person *person);
    void *context;
    bool cheaply; /* texts were asked for */
    struct table *told;
    bool ended;
};

static bool tell(void *context, const struct person *person)
{
    static char known;
    struct asking *asking = context;

    if (table_find(asking->told, 0, person->id) != NULL)
        return true;
    table_add(asking->told, 0, arena_strdup(asking->op->arena, person->id),
              &known);
    asking->ended = !asking->each(asking->context, person);
    return !asking->ended;
}

static enum status ask(struct asking *asking, enum people_by by,
                       const char *text, bool *complete_out)
{
    const struct people_query query = {
        .by = by,
        .text = text,
        .sources = PEOPLE_GLOBAL,
        .limit = PEOPLE_WANTED,
        .cheaply = asking->cheaply,
    };

    *complete_out = true;
    return asking->ended ? STATUS_OK
                         : people_find(asking->op, asking->account, &query,
                                       tell, asking, complete_out);
}

enum status card_people(struct op *op, struct account *account,
                        const struct vcard_filter *filter,
                        bool (*each)(void *context,
                                     const struct person *person),
                        void *context, bool *complete_out)
{
    struct wanted wanted = filter->all ? wanted_of_all(op->arena, filter)
                                       : wanted_of_any(op->arena, filter);
    struct asking asking = { .op = op,
                             .account = account,
                             .each = each,
                             .context = context,
                             .cheaply = !wanted.blind,
                             .told = table_new(op->arena) };
    enum status status = STATUS_OK;
    bool complete;

    *complete_out = true;
    for (size_t i = 0; i < wanted.count && status == STATUS_OK; i++) {
        status = ask(&asking, PEOPLE_BY_BEGINNING, wanted.texts[i], &complete);
        *complete_out = *complete_out && complete;
        if (status == STATUS_OK && !complete && wanted.narrower[i] != NULL)
            status = ask(&asking, PEOPLE_BY_BEGINNING, wanted.narrower[i],
                         &complete);
    }
    if (status == STATUS_OK)
        status = ask(&asking, PEOPLE_ALL, NULL, &complete);
    if (wanted.blind)
        *complete_out = *complete_out && complete;
    return status;
}
