/*
 * permissions.h - who may do what, in answers and requests
 */
#ifndef POSTERN_TESTS_EXCHANGE_PERMISSIONS_H
#define POSTERN_TESTS_EXCHANGE_PERMISSIONS_H

#include "tests/exchange/call.h"

/* <t:EffectiveRights>: what who asks may do. */
void put_folder_rights(struct call *call, const struct sim_folder *folder);
void put_item_rights(struct call *call, const struct sim_item *item);

/* <t:PermissionSet>: what everybody may do.  Only owners are told; others get
 * the folder without it. */
void put_permissions(struct call *call, struct sim_folder *folder);

/* Replaces all permissions by those of the PermissionSet in a folder's element,
 * if there is one; the code of what is wrong with it, with nothing changed. */
const char *store_permissions(struct call *call, struct sim_folder *folder,
                              const struct node *element);

#endif
