/*
 * filter_reading.c - what the filters of calendars and of address books have in
 * common
 */
#include "caldav/filter_reading.h"

#include "proxy/base/str.h"

void dav_filter_complain(struct dav_filter_reading *reading,
                         const char *precondition, const char *sentence)
{
    if (reading->good)
        dav_refuse(reading->call, 403, precondition, sentence);
    reading->good = false;
}

size_t dav_count_children(const struct dav_node *node, const char *name)
{
    size_t count = 0;

    for (const struct dav_node *child = dav_child(node, name); child != NULL;
         child = dav_sibling(child, name))
        count++;
    return count;
}

const char *dav_filter_name(struct dav_filter_reading *reading,
                            const struct dav_node *node)
{
    const char *name = dav_attribute(node, "name");

    if (name == NULL || *name == '\0')
        dav_filter_complain(reading, reading->fault, "A filter has no name");
    return name != NULL ? name : "";
}

/* clang-format off */
static const struct {
    const char *name;
    enum ical_collation collation;
} collations[] = {
    { "i;ascii-casemap",   ICAL_ASCII_CASEMAP },
    { "i;octet",           ICAL_OCTET },
    { "i;unicode-casemap", ICAL_UNICODE_CASEMAP },
};
/* clang-format on */

enum ical_collation dav_filter_collation(struct dav_filter_reading *reading,
                                         const struct dav_node *node)
{
    const char *name = dav_attribute(node, "collation");

    if (name == NULL || str_equal(name, "default"))
        return reading->standard;
    for (size_t i = 0; i < sizeof collations / sizeof *collations; i++)
        if (str_equal(collations[i].name, name))
            return collations[i].collation;
    dav_filter_complain(reading, reading->collation_fault, NULL);
    return reading->standard;
}

const char *dav_filter_text(const struct dav_node *node)
{
    return node->children != NULL && node->children->text != NULL
               ? node->children->text
               : "";
}

bool dav_filter_negates(const struct dav_node *node)
{
    return str_equal_nocase(dav_attribute(node, "negate-condition"), "yes");
}
