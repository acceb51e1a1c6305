/*
 * card_filter.c - the filter of addressbook-query
 */
#include "caldav/card_filter.h"

#include "caldav/filter_reading.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* clang-format off */
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

static enum vcard_match match_of(struct dav_filter_reading *reading,
                                 const struct dav_node *node)
{
    const char *name = dav_attribute(node, "match-type");

    if (name == NULL)
        return VCARD_CONTAINS;
    for (size_t i = 0; i < sizeof matches / sizeof *matches; i++)
        if (str_equal(matches[i].name, name))
            return matches[i].match;
    dav_filter_complain(reading, reading->fault, NULL);
    return VCARD_CONTAINS;
}

/* Room for all text-match elements of a node; how many there are. */
static size_t read_texts(struct dav_filter_reading *reading,
                         const struct dav_node *node,
                         const struct vcard_text_match **texts_out)
{
    struct vcard_text_match *list =
        arena_array(reading->arena,
                    dav_count_children(node, "A:text-match") + 1, sizeof *list);
    size_t count = 0;

    for (const struct dav_node *child = dav_child(node, "A:text-match");
         child != NULL; child = dav_sibling(child, "A:text-match"))
        list[count++] = (struct vcard_text_match){
            .text = dav_filter_text(child),
            .collation = dav_filter_collation(reading, child),
            .match = match_of(reading, child),
            .negate = dav_filter_negates(child),
        };
    *texts_out = list;
    return count;
}

static bool is_absent(const struct dav_node *node)
{
    return dav_child(node, "A:is-not-defined") != NULL;
}

static void read_params(struct dav_filter_reading *reading,
                        const struct dav_node *node,
                        struct vcard_prop_filter *filter)
{
    struct vcard_param_filter *list = arena_array(
        reading->arena, dav_count_children(node, "A:param-filter") + 1,
        sizeof *list);

    filter->params = list;
    for (const struct dav_node *child = dav_child(node, "A:param-filter");
         child != NULL; child = dav_sibling(child, "A:param-filter")) {
        const struct vcard_text_match *texts;
        size_t count = read_texts(reading, child, &texts);

        list[filter->param_count++] = (struct vcard_param_filter){
            .name = dav_filter_name(reading, child),
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
    struct dav_filter_reading reading = {
        .call = call,
        .arena = call->op->arena,
        .fault = "A:supported-filter",
        .collation_fault = "A:supported-collation",
        .standard = ICAL_UNICODE_CASEMAP,
        .good = true,
    };
    struct vcard_prop_filter *list = arena_array(
        reading.arena, dav_count_children(filter, "A:prop-filter") + 1,
        sizeof *list);

    *filter_out = (struct vcard_filter){ .all = is_all(filter), .props = list };
    for (const struct dav_node *child = dav_child(filter, "A:prop-filter");
         child != NULL; child = dav_sibling(child, "A:prop-filter")) {
        struct vcard_prop_filter *prop = &list[filter_out->prop_count++];

        *prop = (struct vcard_prop_filter){
            .name = dav_filter_name(&reading, child),
            .absent = is_absent(child),
            .all = is_all(child),
        };
        prop->text_count = read_texts(&reading, child, &prop->texts);
        read_params(&reading, child, prop);
    }
    return reading.good;
}
