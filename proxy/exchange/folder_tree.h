/*
 * folder_tree.h - the folder tree as it is known, for who lists or changes it
 */
#ifndef POSTERN_EXCHANGE_FOLDER_TREE_H
#define POSTERN_EXCHANGE_FOLDER_TREE_H

#include "proxy/exchange/folder.h"
#include "proxy/exchange/index/index.h"

struct node {
    const struct index_folder *known;
    struct folder folder;
    struct node *parent; /* NULL at the top */
    bool lost;           /* of a store that is not shown */
    bool visible;
    const char *name; /* tree_name has it here */
};

struct tree {
    struct node *nodes;
    size_t count;
    const char *
        *lost; /* subscribed names of no folder, as tree_name makes them */
    size_t lost_count;
};

/* The addresses of shared mailboxes in the settings, NULL at the end. */
char **store_addresses(struct op *op, const struct account *account);

/* Looks at the store of a folder, however old what is known of it is. */
enum status store_refresh(struct op *op, struct account *account,
                          const struct index_folder *folder);

/* The tree as the index knows it, in the arena. */
enum status tree_load(struct op *op, struct account *account,
                      struct tree *tree);

/* The same, asked for first when it is old. */
enum status tree_current(struct op *op, struct account *account,
                         struct tree *tree);

/* Whether what is deleted there is not to go to the trash (again): it is there
 * already, or in a store that has none of its own.  Without asking. */
bool tree_is_in_trash(struct op *op, struct account *account, int64_t id);

/* All names of a visible folder from the top down, FOLDER_LEVEL between. */
const char *tree_name(struct op *op, struct node *node);

/* Notes in the index which folders have other names than before, and finds out
 * which of the tree are subscribed. */
enum status tree_subscribe(struct op *op, struct account *account,
                           struct tree *tree);

/* The folder with that number, or NULL. */
struct node *tree_find(const struct tree *tree, int64_t id);

#endif
