/*
 * card_filter.c - the filter of addressbook-query
 */
#include "caldav/card_filter.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* What is wrong with a filter is said once. */
struct reading {
    struct dav_call *call;
    struct arena *arena;
    bool good;
};

static void complain(struct reading *reading, const char *precondition)
{
    if (reading->good)
        dav_refuse(reading->call, 403, precondition, NULL);
    reading->good = false;
}

static size_t count_children(const struct dav_node *node, const char *name)
{
    size_t count = 0;

    for (const struct dav_node *child = dav_child(node, name); child != NULL;
         child = dav_sibling(child, name))
        count++;
    return count;
}

static const char *name_of(struct reading *reading, const struct dav_node *node)
{
    const char *name = dav_attribute(node, "name");

    if (name == NULL || *name == '\0')
        complain(reading, "A:supported-filter");
    return name != NULL ? name : "";
}

/* clang-format off */
static const struct {
    const char *name;
    enum ical_collation collation;
} collations[] = {
    { "default",           ICAL_UNICODE_CASEMAP },
    { "i;ascii-casemap",   ICAL_ASCII_CASEMAP },
    { "i;octet",           ICAL_OCTET },
    { "i;unicode-casemap", ICAL_UNICODE_CASEMAP },
};

static const struct {
    const char *name;
    enum vcard_match match;
} matches[] = {
    { "contains",    VCARD_CONTAINS },
    { "equals",      VCARD_EQUALS },
    { "starts-with", VCARD_BEGINS },
    { "ends-with",   VCARD_ENDS },
};
/* clang-format on */

static enum ical_collation collation_of(struct reading *reading,
                                        const struct dav_node *node)
{
    const char *name = dav_attribute(node, "collation");

    if (name == NULL)
        return ICAL_UNICODE_CASEMAP;
    for (size_t i = 0; i < sizeof collations / sizeof *collations; i++)
        if (str_equal(collations[i].name, name))
            return collations[i].collation;
    complain(reading, "A:supported-collation");
    return ICAL_UNICODE_CASEMAP;
}

static enum vcard_match match_of(struct reading *reading,
                                 const struct dav_node *node)
{
    const char *name = dav_attribute(node, "match-type");

    if (name == NULL)
        return VCARD_CONTAINS;
    for (size_t i = 0; i < sizeof matches / sizeof *matches; i++)
        if (str_equal(matches[i].name, name))
            return matches[i].match;
    complain(reading, "A:supported-filter");
    return VCARD_CONTAINS;
}

/* Room for all text-match elements of a node; how many there are. */
static size_t read_texts(struct reading *reading, const struct dav_node *node,
                         const struct vcard_text_match **texts_out)
{
    struct vcard_text_match *list = arena_array(
        reading->arena, count_children(node, "A:text-match") + 1, sizeof *list);
    size_t count = 0;

    for (const struct dav_node *child = dav_child(node, "A:text-match");
         child != NULL; child = dav_sibling(child, "A:text-match"))
        list[count++] = (struct vcard_text_match){
            .text = child->children != NULL && child->children->text != NULL
                        ? child->children->text
                        : "",
            .collation = collation_of(reading, child),
            .match = match_of(reading, child),
            .negate = str_equal_nocase(dav_attribute(child, "negate-condition"),
                                       "yes"),
        };
    *texts_out = list;
    return count;
}

static bool is_absent(const struct dav_node *node)
{
    return dav_child(node, "A:is-not-defined") != NULL;
}

static void read_params(struct reading *reading, const struct dav_node *node,
                        struct vcard_prop_filter *filter)
{
    struct vcard_param_filter *list =
        arena_array(reading->arena, count_children(node, "A:param-filter") + 1,
                    sizeof *list);

    filter->params = list;
    for (const struct dav_node *child = dav_child(node, "A:param-filter");
         child != NULL; child = dav_sibling(child, "A:param-filter")) {
        const struct vcard_text_match *texts;
        size_t count = read_texts(reading, child, &texts);

        list[filter->param_count++] = (struct vcard_param_filter){
            .name = name_of(reading, child),
            .absent = is_absent(child),
            .text = count > 0 ? texts : NULL,
        };
    }
}

static bool is_all(const struct dav_node *node)
{
    return str_equal_nocase(dav_attribute(node, "test"), "allof");
}

bool dav_card_filter_read(struct dav_call *call, const struct dav_node *filter,
                          struct vcard_filter *filter_out)
{
    struct reading reading = { call, call->op->arena, true };
    struct vcard_prop_filter *list =
        arena_array(reading.arena, count_children(filter, "A:prop-filter") + 1,
                    sizeof *list);

    *filter_out = (struct vcard_filter){ .all = is_all(filter), .props = list };
    for (const struct dav_node *child = dav_child(filter, "A:prop-filter");
         child != NULL; child = dav_sibling(child, "A:prop-filter")) {
        struct vcard_prop_filter *prop = &list[filter_out->prop_count++];

        *prop = (struct vcard_prop_filter){
            .name = name_of(&reading, child),
            .absent = is_absent(child),
            .all = is_all(child),
        };
        prop->text_count = read_texts(&reading, child, &prop->texts);
        read_params(&reading, child, prop);
    }
    return reading.good;
}
