/*
 * restriction.c - which items a search finds, in which order, and which page of
 * them
 *
 * A property that an item does not have fits nothing: not even "is not equal".
 */
#include "tests/exchange/restriction.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/load.h"
#include "tests/exchange/path.h"
#include "tests/exchange/text.h"

#define MAX_NODES 255
#define MAX_PAGE 1000

/* What is looked at: one of both. */
struct subject {
    struct call *call;
    struct arena *arena;
    struct sim_item *item;
    struct sim_folder *folder;
};

static bool fits(const struct subject *subject, const struct node *expression);

static struct property_value values_of(const struct subject *subject,
                                       const struct node *node)
{
    static const struct property_value nothing = { NULL, 0 };
    struct path path;

    if (path_read(subject->arena, node, &path) != NULL)
        return nothing;
    if (subject->folder != NULL)
        return folder_values(subject->arena, &path, subject->folder);
    /* From Exchange 2010 on, searching for headers by name finds nothing. */
    if (path.kind == PATH_EXTENDED &&
        str_equal(path.key.set, SET_INTERNET_HEADERS) &&
        subject->call->exchange->version >= EXCHANGE_2010_SP1)
        return nothing;
    return path_values(subject->arena, &path, subject->item);
}

/* --- Comparing ----------------------------------------------------------- */

static int sign(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* A truth is a number, too: "true" and "1" are the same constant. */
static bool to_number(const char *text, int64_t *number_out)
{
    *number_out = str_equal(text, "true");
    return str_equal(text, "true") || str_equal(text, "false") ||
           str_to_i64(text, number_out);
}

/* Numbers as numbers, instants as instants, everything else as text of any
 * case. */
static int compare(const char *a, const char *b)
{
    int64_t x;
    int64_t y;

    if (to_number(a, &x) && to_number(b, &y))
        return sign(x, y);
    x = time_from_iso(a);
    y = time_from_iso(b);
    if (x != TIME_NONE && y != TIME_NONE)
        return sign(x, y);
    return str_compare_nocase(a, b);
}

static bool holds(const char *operator, int order)
{
    if (str_equal(operator, "IsEqualTo"))
        return order == 0;
    if (str_equal(operator, "IsNotEqualTo"))
        return order != 0;
    if (str_equal(operator, "IsGreaterThan"))
        return order > 0;
    if (str_equal(operator, "IsGreaterThanOrEqualTo"))
        return order >= 0;
    if (str_equal(operator, "IsLessThan"))
        return order < 0;
    return order <= 0;
}

static bool fits_comparison(const struct subject *subject,
                            const struct node *expression)
{
    struct property_value value = values_of(subject, expression->children);
    const struct node *operand =
        node_child(expression, "FieldURIOrConstant")->children;
    const char *other = node_attribute(operand, "Value");

    if (!node_is(operand, "Constant")) {
        struct property_value right = values_of(subject, operand);

        if (right.count == 0)
            return false;
        other = right.texts[0];
    }
    for (size_t i = 0; i < value.count; i++)
        if (holds(expression->name, compare(value.texts[i], other)))
            return true;
    return false;
}

/* --- Contains ------------------------------------------------------------ */

static bool is_word_start(const char *text, const char *at)
{
    return at == text || strchr(" \t\r\n.,;:!?()<>\"'-@/", at[-1]) != NULL;
}

static bool contains_in_mode(const char *mode, const char *text,
                             const char *wanted)
{
    size_t len = strlen(wanted);

    if (str_equal(mode, "FullString"))
        return strcmp(text, wanted) == 0;
    if (str_equal(mode, "Prefixed"))
        return strncmp(text, wanted, len) == 0;
    for (const char *at = strstr(text, wanted); at != NULL;
         at = strstr(at + 1, wanted)) {
        bool starts = is_word_start(text, at);
        bool ends = at[len] == '\0' || is_word_start(text, at + len + 1);

        if (str_equal(mode, "PrefixOnWords") ? starts
            : str_equal(mode, "ExactPhrase") ? starts && ends
                                             : true)
            return true;
    }
    return false;
}

static bool fits_contains(const struct subject *subject,
                          const struct node *expression)
{
    struct property_value value = values_of(subject, expression->children);
    const char *wanted =
        node_attribute(node_child(expression, "Constant"), "Value");
    const char *mode = node_attribute(expression, "ContainmentMode");
    const char *how = node_attribute(expression, "ContainmentComparison");
    bool exact = how == NULL || str_equal(how, "Exact") ||
                 str_equal(how, "IgnoreNonSpacingCharacters");

    for (size_t i = 0; i < value.count; i++) {
        const char *text = value.texts[i];

        if (contains_in_mode(mode == NULL ? "FullString" : mode,
                             exact ? text : text_fold(subject->arena, text),
                             exact ? wanted
                                   : text_fold(subject->arena, wanted)))
            return true;
    }
    return false;
}

static bool fits_excludes(const struct subject *subject,
                          const struct node *expression)
{
    struct property_value value = values_of(subject, expression->children);
    const char *mask =
        node_attribute(node_child(expression, "Bitmask"), "Value");

    return value.count > 0 &&
           (strtoul(value.texts[0], NULL, 0) & strtoul(mask, NULL, 0)) == 0;
}

static bool fits(const struct subject *subject, const struct node *expression)
{
    const char *name = expression->name;
    bool all = str_equal(name, "And");

    if (all || str_equal(name, "Or")) {
        for (struct node *at = expression->children; at != NULL; at = at->next)
            if (fits(subject, at) != all)
                return !all;
        return all;
    }
    if (str_equal(name, "Not"))
        return !fits(subject, expression->children);
    if (str_equal(name, "Exists"))
        return values_of(subject, expression->children).count > 0;
    if (str_equal(name, "Excludes"))
        return fits_excludes(subject, expression);
    return str_equal(name, "Contains") ? fits_contains(subject, expression)
                                       : fits_comparison(subject, expression);
}

bool restriction_fits(struct call *call, const struct node *expression,
                      struct sim_item *item)
{
    struct subject subject = { call, arena_new(), item, NULL };
    bool fit = fits(&subject, expression);

    arena_free(&subject.arena);
    return fit;
}

bool restriction_fits_folder(struct call *call, const struct node *expression,
                             struct sim_folder *folder)
{
    struct subject subject = { call, arena_new(), NULL, folder };
    bool fit = fits(&subject, expression);

    arena_free(&subject.arena);
    return fit;
}

/* --- What can be asked --------------------------------------------------- */

static const char *const not_searchable[] = {
    "item:MimeContent",
    "item:UniqueBody",
    "item:TextBody",
    "item:NormalizedBody",
    "item:InternetMessageHeaders",
    "item:Attachments",
    "item:EffectiveRights",
    "item:ResponseObjects",
};

static const char *check_path(struct call *call, const struct node *node)
{
    struct path path;
    const char *code = path_read(call->arena, node, &path);

    for (size_t i = 0; i < sizeof not_searchable / sizeof *not_searchable; i++)
        if (str_equal(path.uri, not_searchable[i]))
            return "ErrorUnsupportedPathForQuery";
    return code;
}

static const char *check_node(struct call *call, const struct node *node,
                              size_t *nodes)
{
    const char *code = path_is(node) ? check_path(call, node) : NULL;

    if (++*nodes > MAX_NODES * 4)
        return "ErrorRestrictionTooComplex";
    for (struct node *at = node->children; at != NULL && code == NULL;
         at = at->next)
        code = check_node(call, at, nodes);
    return code;
}

const char *restriction_check(struct call *call, const struct node *expression)
{
    size_t nodes = 0;

    return check_node(call, expression, &nodes);
}

/* --- Sorting ------------------------------------------------------------- */

struct row {
    struct sim_item *item;
    const char *keys[4];
};

struct order {
    size_t count;
    bool descending[4];
};

static int compare_rows(const void *a, const void *b, void *context)
{
    const struct row *left = a;
    const struct row *right = b;
    const struct order *order = context;

    for (size_t i = 0; i < order->count; i++) {
        const char *x = left->keys[i];
        const char *y = right->keys[i];
        int result =
            x == NULL || y == NULL ? (x != NULL) - (y != NULL) : compare(x, y);

        if (result != 0)
            return order->descending[i] ? -result : result;
    }
    return left->item->serial < right->item->serial ? -1 : 1;
}

/* Without an order the newest come first. */
static void newest_first(struct sim_item *items[], size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct sim_item *kept = items[i];

        items[i] = items[count - 1 - i];
        items[count - 1 - i] = kept;
    }
}

void sort_items(struct call *call, const struct node *sort,
                struct sim_item *items[], size_t count)
{
    struct order order = { .count = 0 };
    struct path paths[4];
    struct row *rows;

    for (struct node *at = sort == NULL ? NULL : sort->children;
         at != NULL && order.count < 4; at = at->next) {
        if (path_read(call->arena, at->children, &paths[order.count]) != NULL)
            continue;
        order.descending[order.count++] =
            str_equal(node_attribute(at, "Order"), "Descending");
    }
    if (order.count == 0) {
        newest_first(items, count);
        return;
    }
    rows = arena_array(call->arena, count + 1, sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        rows[i].item = items[i];
        for (size_t k = 0; k < order.count; k++) {
            struct property_value value =
                path_values(call->arena, &paths[k], items[i]);

            rows[i].keys[k] = value.count == 0 ? NULL : value.texts[0];
        }
    }
    qsort_r(rows, count, sizeof *rows, compare_rows, &order);
    for (size_t i = 0; i < count; i++)
        items[i] = rows[i].item;
}

/* --- Pages --------------------------------------------------------------- */

static size_t number_of(const struct node *view, const char *name,
                        size_t otherwise)
{
    const char *text = node_attribute(view, name);

    return text == NULL || atol(text) < 0 ? otherwise : (size_t)atol(text);
}

static size_t rows_allowed(struct call *call)
{
    return load_rows(call->exchange, call->user->address, MAX_PAGE);
}

/* Newer servers give less instead. */
const char *page_refused(struct call *call, const struct node *view)
{
    size_t many = number_of(view, "MaxEntriesReturned", MAX_PAGE);

    if (call->exchange->version >= EXCHANGE_2013_SP1 ||
        (many > MAX_PAGE ? MAX_PAGE : many) <= rows_allowed(call))
        return NULL;
    return call->version >= SCHEMA_2010_SP1 ? "ErrorExceededFindCountLimit"
                                            : "ErrorServerBusy";
}

struct page page_of(struct call *call, const struct node *view, size_t count)
{
    size_t max = rows_allowed(call);
    size_t many = number_of(view, "MaxEntriesReturned", MAX_PAGE);
    size_t offset = number_of(view, "Offset", 0);
    struct page page;

    if (node_is(view, "FractionalPageItemView") ||
        node_is(view, "FractionalPageFolderView"))
        offset = count * number_of(view, "Numerator", 0) /
                 (number_of(view, "Denominator", 1) +
                  !number_of(view, "Denominator", 1));
    many = many > max ? max : many;
    offset = offset > count ? count : offset;
    if (str_equal(node_attribute(view, "BasePoint"), "End")) {
        page.end = count - offset;
        page.start = page.end > many ? page.end - many : 0;
        page.last = page.start == 0;
        return page;
    }
    page.start = offset;
    page.end = count - offset > many ? offset + many : count;
    page.last = page.end == count;
    return page;
}
