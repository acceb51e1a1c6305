/*
 * directory.c - people of the directory as cards
 */
#include "caldav/directory.h"

#include <inttypes.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/directory.h"

#define ENDING ".vcf"

/* FNV-1a: nobody gains from making two cards alike. */
static uint64_t hash(const char *text)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);

    for (; *text != '\0'; text++)
        value = (value ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return value;
}

bool dav_directory_member(struct dav_call *call, const struct contact *person,
                          enum vcard_version version,
                          struct dav_resource *resource_out)
{
    struct arena *arena = call->op->arena;
    const struct dav_place directory = { .kind = DAV_DIRECTORY,
                                         .href = "/directory/" };
    const char *address = person->email[0].address;
    struct contact copy = *person;

    if (address == NULL || *address == '\0')
        return false;
    if (copy.uid == NULL || *copy.uid == '\0')
        copy.uid = address;
    *resource_out = (struct dav_resource){ .call = call };
    resource_out->place = dav_place_object(
        arena, &directory, arena_printf(arena, "%s" ENDING, address));
    resource_out->text = vcard_write(arena, &copy, NULL, version);
    resource_out->len = strlen(resource_out->text);
    resource_out->etag =
        arena_printf(arena, "\"%" PRIx64 "\"", hash(resource_out->text));
    return true;
}

enum status dav_directory_find(struct dav_call *call,
                               struct dav_resource *resource)
{
    struct op *op = call->op;
    const char *name = resource->place.name;
    const struct person *person;

    if (!str_ends_nocase(name, ENDING))
        return op_fail(op, STATUS_NOT_FOUND, "no such card");
    const char *address =
        arena_strndup(op->arena, name, strlen(name) - strlen(ENDING));
    enum status status = people_get(op, call->account, address, &person);

    if (status != STATUS_OK)
        return status;
    if (!dav_directory_member(call, &person->contact, VCARD_3, resource))
        return op_fail(op, STATUS_NOT_FOUND, "nobody of this address");
    resource->place.href = call->place.href;
    return STATUS_OK;
}
