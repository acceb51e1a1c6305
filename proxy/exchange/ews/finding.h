/*
 * finding.h - finding the folders of another store
 *
 * A search of the hierarchy brings all folders of a store with the rights to
 * them, up to a thousand in a call.
 */
#ifndef POSTERN_EXCHANGE_EWS_FINDING_H
#define POSTERN_EXCHANGE_EWS_FINDING_H

#include "proxy/exchange/ews/places.h"

struct finding {
    struct arena *arena;
    const struct remote_store *store;
    bool deep;         /* folders below folders as well */
    bool changeable;   /* by clients, where one has the right */
    bool syncable;
    struct public_routes *publics; /* takes note of where they are; NULL: that
                                      is no question */

    const struct known *asked;
    const char **ids;  /* of what was asked for; NULL: not to be had */
    enum status root;  /* what became of the first of them */
    enum status failed; /* why some of it could not be seen just now */

    struct remote_folder *folders;
    size_t count;
    size_t room;

    const char *const *parents; /* of the call in progress, NULL at the end */
    size_t offset;
};

/* Writes which properties of a folder are wanted. */
void finding_write_shape(struct xml_writer *writer);

/* Takes a folder's element; the texts stay in it. */
void finding_take(struct finding *finding, const struct xml_node *node);

/* Whatever is not found is taken for gone, with all that is known of it: notes
 * a failure of what is only away at the moment as one of the whole. */
void finding_note(struct finding *finding, enum status status);

/* All pages below one folder, from `offset` on. */
enum status finding_below(struct op *op, struct ews *ews,
                          struct finding *finding, const char *root,
                          size_t offset);

/* Those right below several folders, each answered alone: what is gone or
 * closed is left out. */
enum status finding_levels(struct op *op, struct ews *ews,
                           struct finding *finding,
                           const char *const parents[], size_t count);

#endif
