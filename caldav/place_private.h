/*
 * place_private.h - what the files of place.h share
 */
#ifndef POSTERN_CALDAV_PLACE_PRIVATE_H
#define POSTERN_CALDAV_PLACE_PRIVATE_H

#include "caldav/place.h"

/* What comes first in a home and is no folder's name. */
struct dav_word {
    const char *word;
    enum dav_place_kind kind;
    enum folder_use use; /* FOLDER_PLAIN: it is none of Exchange's */
    enum folder_kind holds;
};

/* NULL for what is none. */
const struct dav_word *dav_word_find(const char *segment);

/* NOWHERE for folders that hold no objects. */
enum dav_place_kind dav_kind_of(const struct folder *folder);

/* Takes the folders as they are known by now. */
enum status dav_tree_reload(struct dav_tree *tree);

/* All of these are NULL if there is none. */
const struct folder *dav_tree_by_id(const struct dav_tree *tree, int64_t id);

/* What stands for a store, or for someone's mailbox, at the top: not a folder of
 * Exchange's. */
const struct folder *dav_tree_store_top(const struct dav_tree *tree,
                                        enum folder_store store, int64_t parent,
                                        const char *name);
const struct folder *dav_tree_shared_top(const struct dav_tree *tree,
                                         const char *mail);

/* The folder that a word stands for below a top (0: one's own). */
const struct folder *dav_tree_main(const struct dav_tree *tree, int64_t top,
                                   const struct dav_word *word);

bool dav_tree_is_public(const struct dav_tree *tree, int64_t top);

/* The one that a segment stands for. */
const struct folder *dav_tree_child(struct dav_tree *tree, int64_t parent,
                                    const char *segment);

#endif
