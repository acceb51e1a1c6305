/*
 * access.h - who may do what in a folder
 *
 * A folder has a list of permissions: for all who are logged in ("Default"),
 * for the anonymous, and for single users.  Whose mailbox it is, and whom an
 * administrator has let into all of it, may do everything.
 */
#ifndef POSTERN_TESTS_EXCHANGE_ACCESS_H
#define POSTERN_TESTS_EXCHANGE_ACCESS_H

#include "tests/exchange/model.h"

#define CAN_CREATE_ITEMS 0x1u
#define CAN_CREATE_FOLDERS 0x2u
#define IS_OWNER 0x4u
#define IS_VISIBLE 0x8u
#define IS_CONTACT 0x10u
#define RIGHT_COUNT 5

enum sim_action { ACTION_NONE, ACTION_OWNED, ACTION_ALL };
enum sim_reading { READING_NONE, READING_TIME, READING_SUBJECT, READING_FULL };

struct sim_rights {
    unsigned bits;
    enum sim_action edit;
    enum sim_action delete;
    enum sim_reading read;
};

/* The levels that have names; LEVEL_CUSTOM for all else. */
struct sim_level {
    const char *name;
    struct sim_rights rights;
    bool calendar;            /* for calendars only */
};

extern const struct sim_level sim_levels[];
extern const size_t sim_level_count;

/* The name of the level with these rights, "Custom" for none. */
const char *sim_level_name(const struct sim_rights *rights, bool calendar);
const struct sim_level *sim_level(const char *name);

#define WHO_DEFAULT "Default"
#define WHO_ANONYMOUS "Anonymous"

struct sim_permission {
    char *who;                /* an address, one of the above, or a SID of
                                 somebody who is not known any more */
    struct sim_rights rights;
};

/* Sets what somebody may do; takes all permissions away. */
void sim_permit(struct sim_folder *folder, const char *who,
                const struct sim_rights *rights);
void sim_permit_nobody(struct sim_folder *folder);
void sim_permit_as(struct sim_folder *folder, const struct sim_folder *other);
void sim_permissions_free(struct sim_folder *folder);

/* NULL if there is none. */
const struct sim_permission *sim_permission(const struct sim_folder *folder,
                                            const char *who);

/* What a user may do there. */
struct sim_rights sim_rights_of(const struct sim_mailbox *user,
                                const struct sim_folder *folder);

/* Whether he may open the mailbox as its owner does. */
bool sim_owns(const struct sim_mailbox *user,
              const struct sim_mailbox *mailbox);

/* What is wanted of a folder, and of an item in it. */
enum sim_want {
    WANT_SEE,
    WANT_READ,
    WANT_CREATE_ITEMS,
    WANT_CREATE_FOLDERS,
    WANT_OWN,
    WANT_EDIT,
    WANT_DELETE
};

/* NULL, or why not: what a user cannot see is not there for him. */
const char *sim_refuses_folder(const struct sim_mailbox *user,
                               const struct sim_folder *folder,
                               enum sim_want want);
const char *sim_refuses_item(const struct sim_mailbox *user,
                             const struct sim_item *item, enum sim_want want);

#endif
