/*
 * proppatch.h - changes of properties, by PROPPATCH and with a new collection
 */
#ifndef POSTERN_CALDAV_PROPPATCH_H
#define POSTERN_CALDAV_PROPPATCH_H

#include "caldav/props.h"

struct dav_change {
    const char *name;
    const struct dav_node *node; /* NULL: take it away */
    const char *value;
    int code;                 /* what has become of it */
    const char *precondition; /* NULL: none */
    const char *sentence;     /* NULL: none */
};

struct dav_changes {
    struct dav_change *list;
    size_t count;
};

/* Reads the D:set and D:remove in an element. */
void dav_changes_read(struct arena *arena, const struct dav_node *root,
                      struct dav_changes *changes);

/* Does all of them, or none: false then, and the codes tell why. */
bool dav_changes_apply(struct dav_resource *resource,
                       struct dav_changes *changes);

/* A propstat for each. */
void dav_changes_put(struct xml_writer *writer, struct arena *arena,
                     const struct dav_changes *changes);

#endif
