/*
 * directory_personal.c - the people in an account's own contact folders
 *
 * They are made of the texts that address books are given (object.h), once for
 * each revision of a contact, and are listed in the index.
 */
#include "proxy/exchange/directory_personal.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/directory_listed.h"
#include "proxy/exchange/object_private.h"

/* --- A contact as a person ------------------------------------------------ */

/* Whichever way the folder is called, and the gateway's own numbers go. */
static const char *id_of(struct arena *arena, const struct index_folder *folder,
                         const char *name)
{
    struct digest *digest = digest_new();
    char hex[65];

    digest_add(digest, folder->remote, strlen(folder->remote) + 1);
    digest_add(digest, name, strlen(name));
    digest_finish(&digest, hex);
    return arena_strndup(arena, hex, 32);
}

static const char *const *addresses_of(struct arena *arena,
                                       const struct contact *contact)
{
    const char **list = arena_array(arena, CONTACT_EMAILS + 1, sizeof *list);
    size_t count = 0;

    for (size_t i = 0; i < CONTACT_EMAILS; i++)
        if (contact->email[i].address != NULL &&
            *contact->email[i].address != '\0')
            list[count++] = contact->email[i].address;
    return list;
}

static struct person person_of(struct arena *arena,
                               const struct index_folder *folder,
                               const char *name, const struct contact *contact)
{
    return (struct person){
        .id = id_of(arena, folder, name),
        .kind = contact->group ? PERSON_GROUP : PERSON_USER,
        .personal = true,
        .addresses = addresses_of(arena, contact),
        .manager = { .name = contact->text[CONTACT_MANAGER] },
        .contact = *contact,
    };
}

/* --- Bringing up to date -------------------------------------------------- */

/* A folder whose contacts are being read. */
struct intake {
    struct desk desk;
    struct listing listing;
    const struct index_due_person *due;
    struct arena *scratch;    /* for one contact */
    uint64_t *revisions;      /* of groups, whose members are found out once */
    const char **group_texts; /* nothing else is being read; NULL: no group */
};

static void add_contact(struct intake *intake, size_t at, const char *text,
                        uint64_t revision)
{
    struct contact contact;
    enum vcard_version version;
    const char *reason;

    arena_reset(intake->scratch);
    if (vcard_read(intake->scratch, text, strlen(text), &contact, &version,
                   &reason) != VCARD_FINE) {
        listing_add(&intake->listing, NULL, intake->due[at].object, revision);
        return;
    }
    if (contact.group) {
        struct desk desk = intake->desk;
        struct op op = *desk.op;

        op.arena = intake->scratch;
        desk.op = &op;
        object_add_members(&desk, text, strlen(text), &contact);
    }
    struct person person = person_of(intake->scratch, &intake->desk.folder,
                                     intake->due[at].name, &contact);
    listing_add(&intake->listing, &person, intake->due[at].object, revision);
}

static bool take_text(void *context, size_t index, enum status status,
                      const struct object *object, const char *text, size_t len)
{
    struct intake *intake = context;

    (void)len;
    if (status == STATUS_OK && intake->due[index].group) {
        intake->group_texts[index] = arena_strdup(intake->desk.op->arena, text);
        intake->revisions[index] = object->revision;
    } else if (status == STATUS_OK) {
        add_contact(intake, index, text, object->revision);
    }
    return intake->listing.status == STATUS_OK;
}

static enum status read_due(struct op *op, struct account *account,
                            int64_t folder, const struct index_due_person due[],
                            size_t count)
{
    struct arena *arena = op->arena;
    struct intake intake = {
        .due = due,
        .revisions = arena_array(arena, count, sizeof *intake.revisions),
        .group_texts = arena_array(arena, count, sizeof *intake.group_texts),
    };
    const char **names = arena_array(arena, count, sizeof *names);
    enum status status = desk_open(op, account, folder, &intake.desk);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        names[i] = due[i].name;
    intake.scratch = arena_new();
    listing_begin(&intake.listing, op, account, 0);
    status = desk_read(&intake.desk, names, count, VCARD_4, take_text, &intake);
    for (size_t i = 0; i < count; i++)
        if (intake.group_texts[i] != NULL)
            add_contact(&intake, i, intake.group_texts[i], intake.revisions[i]);
    enum status listed = listing_end(&intake.listing);
    arena_free(&intake.scratch);
    return listed != STATUS_OK ? listed : status;
}

static enum status refresh_folder(struct op *op, struct account *account,
                                  int64_t folder)
{
    struct object_marks marks;
    struct index_due_person *due = NULL;
    size_t count = 0;
    enum status status = objects_refresh(op, account, folder, &marks);
    enum status listed =
        index_people_due(op, account->index, folder, &due, &count);

    if (listed == STATUS_OK && count > 0)
        listed = read_due(op, account, folder, due, count);
    return status != STATUS_OK ? status : listed;
}

/* Whatever goes wrong with one folder, the others are looked at. */
static enum status refresh_all(struct op *op, struct account *account)
{
    struct folder *folders = NULL;
    size_t count = 0;
    enum status first = folder_list(op, account, &folders, &count);

    for (size_t i = 0; i < count; i++) {
        if (folders[i].kind != FOLDER_CONTACTS ||
            folders[i].store != FOLDER_OWN)
            continue;
        enum status status = refresh_folder(op, account, folders[i].id);
        if (status == STATUS_CANCELLED)
            return status;
        if (first == STATUS_OK)
            first = status;
    }
    return first;
}

/* Those who ask at the same time share it, and so do those who ask within
 * seconds. */
static enum status refresh(struct op *op, struct account *account)
{
    struct people *people = account->people;
    uint64_t interval =
        1000u * (uint64_t)account_settings(account)->exchange.status_interval;
    uint64_t looked = atomic_load(&people->contacts_ms);
    enum status status;

    if (looked != 0 && time_monotonic_ms() - looked < interval)
        return (enum status)atomic_load(&people->contacts_status);
    if (!flight_begin(op, &people->contacts, &status))
        return status;
    if (atomic_load(&people->contacts_ms) == looked) {
        status = refresh_all(op, account);
        if (status != STATUS_CANCELLED) {
            atomic_store(&people->contacts_status, (int)status);
            atomic_store(&people->contacts_ms, time_monotonic_ms());
        }
    } else {
        status = (enum status)atomic_load(&people->contacts_status);
    }
    flight_end(&people->contacts, status);
    return status;
}

/* --- Finding -------------------------------------------------------------- */

static enum status settle(enum status refreshed, enum status found,
                          const struct telling *telling, bool *complete_out)
{
    *complete_out = refreshed == STATUS_OK && found == STATUS_OK;
    if (found != STATUS_OK)
        return found;
    return telling->told > 0 && refreshed != STATUS_CANCELLED ? STATUS_OK
                                                              : refreshed;
}

enum status personal_find(struct op *op, struct account *account,
                          const struct people_query *query,
                          struct telling *telling, bool *complete_out)
{
    enum status refreshed = refresh(op, account);
    enum status found = listed_find(op, account, 0, query, telling);

    return settle(refreshed, found, telling, complete_out);
}

enum status personal_get(struct op *op, struct account *account, const char *id,
                         struct telling *telling)
{
    bool complete;
    enum status refreshed = refresh(op, account);
    enum status found = listed_get(op, account, 0, id, telling);

    return settle(refreshed, found, telling, &complete);
}

/* --- Pictures ------------------------------------------------------------- */

struct picture {
    struct arena *arena;
    struct contact contact;
};

static bool take_picture(void *context, size_t index, enum status status,
                         const struct object *object, const char *text,
                         size_t len)
{
    struct picture *picture = context;
    enum vcard_version version;
    const char *reason;

    (void)index, (void)object;
    if (status == STATUS_OK &&
        vcard_read(picture->arena, arena_strndup(picture->arena, text, len),
                   len, &picture->contact, &version, &reason) != VCARD_FINE)
        picture->contact.photo = NULL;
    return true;
}

enum status personal_photo(struct op *op, struct account *account,
                           const char *id, const void **data_out,
                           size_t *len_out, const char **type_out)
{
    struct picture picture = { .arena = op->arena };
    int64_t folder;
    const char *name;
    enum status status =
        index_person_contact(op, account->index, id, &folder, &name);

    if (status == STATUS_OK && folder != 0)
        status = objects_read(op, account, folder, &name, 1, VCARD_4,
                              take_picture, &picture);
    if (status == STATUS_OK && picture.contact.photo == NULL)
        return op_fail(op, STATUS_NOT_FOUND, "the contact has no picture");
    *data_out = picture.contact.photo;
    *len_out = picture.contact.photo_len;
    *type_out = picture.contact.photo_type;
    return status;
}
