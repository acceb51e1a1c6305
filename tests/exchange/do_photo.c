/*
 * do_photo.c - GetUserPhoto
 *
 * Whatever size is asked for, there is one picture.  Where there is none, the
 * answer comes with the HTTP status 404.
 */
#include "tests/exchange/call.h"

#include "proxy/base/str.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/photo.h"

static const char *const sizes[] = { "HR48x48",   "HR64x64",   "HR96x96",
                                     "HR120x120", "HR240x240", "HR360x360",
                                     "HR432x432", "HR504x504", "HR648x648" };

bool photo_size_known(const char *size)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (str_equal_nocase(sizes[i], size))
            return true;
    return false;
}

const struct sim_entry *photo_find(const struct exchange *exchange,
                                   const char *address)
{
    const struct sim_entry *entry = sim_entry_find_any(exchange, address);

    return entry == NULL || entry->photo == NULL ? NULL : entry;
}

const char *photo_type(const struct sim_entry *entry)
{
    return entry->photo[0] == 0x89 ? "image/png" : "image/jpeg";
}

const char *photo_tag(struct arena *arena, const struct sim_entry *entry)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < entry->photo_len; i++)
        hash = (hash ^ entry->photo[i]) * 0x100000001b3u;
    return arena_printf(arena, "\"%016llX\"", (unsigned long long)hash);
}

void do_get_user_photo(struct call *call)
{
    static const char name[] = "GetUserPhotoResponse";
    const struct sim_entry *entry =
        photo_find(call->exchange, node_text(call->request, "Email"));
    const char *code = message_fault(call);

    if (code == NULL && entry == NULL) {
        code = "ErrorItemNotFound";
        call->http_status = 404;
    }
    bare_begin(call, name, code);
    put_element(&call->out, "m:HasChanged", entry != NULL ? "true" : "false");
    if (code == NULL) {
        buf_puts(&call->out, "<m:PictureData>");
        put_base64(&call->out, entry->photo, entry->photo_len);
        buf_puts(&call->out, "</m:PictureData>");
    }
    bare_end(call, name);
}
