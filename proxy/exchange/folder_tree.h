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
    bool visible;
};

struct tree {
    struct node *nodes;
    size_t count;
};

/* The tree as the index knows it, in the arena. */
enum status tree_load(struct op *op, struct account *account,
                      struct tree *tree);

/* The same, asked for first when it is old. */
enum status tree_current(struct op *op, struct account *account,
                         struct tree *tree);

/* The folder with that number, or NULL. */
struct node *tree_find(const struct tree *tree, int64_t id);

#endif
