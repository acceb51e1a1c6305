/*
 * access.c - who may do what in a folder
 *
 * "Set folder permissions for another user by using EWS in Exchange" has the
 * levels; "Handling delegation-related errors in EWS in Exchange" the codes.
 */
#include "tests/exchange/access.h"

#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"

#define C CAN_CREATE_ITEMS
#define F CAN_CREATE_FOLDERS
#define O IS_OWNER
#define V IS_VISIBLE
#define T IS_CONTACT

/* clang-format off */
const struct sim_level sim_levels[] = {
    { "None",             { 0,                 ACTION_NONE,  ACTION_NONE,  READING_NONE },    false },
    { "Contributor",      { C | V,             ACTION_NONE,  ACTION_NONE,  READING_NONE },    false },
    { "Reviewer",         { V,                 ACTION_NONE,  ACTION_NONE,  READING_FULL },    false },
    { "NoneditingAuthor", { C | V,             ACTION_NONE,  ACTION_OWNED, READING_FULL },    false },
    { "Author",           { C | V,             ACTION_OWNED, ACTION_OWNED, READING_FULL },    false },
    { "PublishingAuthor", { C | F | V,         ACTION_OWNED, ACTION_OWNED, READING_FULL },    false },
    { "Editor",           { C | V,             ACTION_ALL,   ACTION_ALL,   READING_FULL },    false },
    { "PublishingEditor", { C | F | V,         ACTION_ALL,   ACTION_ALL,   READING_FULL },    false },
    { "Owner",            { C | F | O | V | T, ACTION_ALL,   ACTION_ALL,   READING_FULL },    false },
    { "FreeBusyTimeOnly", { 0,                 ACTION_NONE,  ACTION_NONE,  READING_TIME },    true },
    { "FreeBusyTimeAndSubjectAndLocation",
                          { 0,                 ACTION_NONE,  ACTION_NONE,  READING_SUBJECT }, true },
};
/* clang-format on */

const size_t sim_level_count = sizeof sim_levels / sizeof *sim_levels;

static bool are_equal(const struct sim_rights *a, const struct sim_rights *b)
{
    return a->bits == b->bits && a->edit == b->edit &&
           a->delete == b->delete && a->read == b->read;
}

const char *sim_level_name(const struct sim_rights *rights, bool calendar)
{
    for (size_t i = 0; i < sim_level_count; i++)
        if ((calendar || !sim_levels[i].calendar) &&
            are_equal(rights, &sim_levels[i].rights))
            return sim_levels[i].name;
    return "Custom";
}

const struct sim_level *sim_level(const char *name)
{
    for (size_t i = 0; i < sim_level_count; i++)
        if (str_equal(sim_levels[i].name, name))
            return &sim_levels[i];
    return NULL;
}

/* --- Lists of permissions ------------------------------------------------ */

static struct sim_permission *find(const struct sim_folder *folder,
                                   const char *who)
{
    for (size_t i = 0; i < folder->permission_count; i++)
        if (str_equal_nocase(folder->permissions[i].who, who))
            return &folder->permissions[i];
    return NULL;
}

const struct sim_permission *sim_permission(const struct sim_folder *folder,
                                            const char *who)
{
    return find(folder, who);
}

void sim_permit(struct sim_folder *folder, const char *who,
                const struct sim_rights *rights)
{
    struct sim_permission *found = find(folder, who);

    if (found == NULL) {
        folder->permissions = memory_resize(
            folder->permissions,
            (folder->permission_count + 1) * sizeof *folder->permissions);
        found = &folder->permissions[folder->permission_count++];
        found->who = memory_strdup(who);
    }
    found->rights = *rights;
}

void sim_permissions_free(struct sim_folder *folder)
{
    for (size_t i = 0; i < folder->permission_count; i++)
        free(folder->permissions[i].who);
    free(folder->permissions);
    folder->permissions = NULL;
    folder->permission_count = 0;
}

void sim_permit_nobody(struct sim_folder *folder)
{
    sim_permissions_free(folder);
    sim_permit(folder, WHO_DEFAULT, &sim_level("None")->rights);
    sim_permit(folder, WHO_ANONYMOUS, &sim_level("None")->rights);
}

void sim_permit_as(struct sim_folder *folder, const struct sim_folder *other)
{
    sim_permissions_free(folder);
    for (size_t i = 0; i < other->permission_count; i++)
        sim_permit(folder, other->permissions[i].who,
                   &other->permissions[i].rights);
}

/* --- What a user may do -------------------------------------------------- */

bool sim_owns(const struct sim_mailbox *user, const struct sim_mailbox *mailbox)
{
    const struct sim_mailbox *owner =
        mailbox->archive_of != NULL ? mailbox->archive_of : mailbox;

    if (user == owner)
        return true;
    for (size_t i = 0; i < owner->opened_count; i++)
        if (str_equal_nocase(owner->opened_to[i], user->address))
            return true;
    return false;
}

struct sim_rights sim_rights_of(const struct sim_mailbox *user,
                                const struct sim_folder *folder)
{
    const struct sim_permission *found;

    if (sim_owns(user, folder->mailbox))
        return sim_level("Owner")->rights;
    found = find(folder, user->address);
    if (found == NULL)
        found = find(folder, WHO_DEFAULT);
    return found == NULL ? sim_level("None")->rights : found->rights;
}

const char *sim_refuses_folder(const struct sim_mailbox *user,
                               const struct sim_folder *folder,
                               enum sim_want want)
{
    struct sim_rights rights = sim_rights_of(user, folder);
    bool granted = false;

    if (!(rights.bits & IS_VISIBLE) && rights.read != READING_FULL)
        return "ErrorFolderNotFound";
    switch (want) {
    case WANT_SEE:
        granted = true;
        break;
    case WANT_READ:
        granted = rights.read == READING_FULL;
        break;
    case WANT_CREATE_ITEMS:
        granted = rights.bits & CAN_CREATE_ITEMS;
        break;
    case WANT_CREATE_FOLDERS:
        granted = rights.bits & CAN_CREATE_FOLDERS;
        break;
    case WANT_OWN:
        granted = rights.bits & IS_OWNER;
        break;
    case WANT_EDIT:
        granted = rights.edit == ACTION_ALL;
        break;
    case WANT_DELETE:
        granted = rights.delete == ACTION_ALL;
        break;
    }
    return granted ? NULL : "ErrorAccessDenied";
}

static bool covers(enum sim_action action, const struct sim_mailbox *user,
                   const struct sim_item *item)
{
    return action == ACTION_ALL ||
           (action == ACTION_OWNED && item->creator == user);
}

const char *sim_refuses_item(const struct sim_mailbox *user,
                             const struct sim_item *item, enum sim_want want)
{
    struct sim_rights rights = sim_rights_of(user, item->folder);
    bool granted = rights.read == READING_FULL;

    if (!(rights.bits & IS_VISIBLE) && !granted)
        return "ErrorItemNotFound";
    if (want == WANT_EDIT)
        granted = covers(rights.edit, user, item);
    else if (want == WANT_DELETE)
        granted = covers(rights.delete, user, item);
    return granted ? NULL : "ErrorAccessDenied";
}
