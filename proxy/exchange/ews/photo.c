/*
 * photo.c - a person's picture
 *
 * GetUserPhoto, from 2013 on, has it in several sizes.  Before that the
 * directory has a small one among a person's details: Exchange 2010 with its
 * second service pack tells it.
 */
#include "proxy/exchange/ews/directory.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"

/* clang-format off */
static const struct {
    unsigned pixels;
    const char *name;
} sizes[] = {
    {  48, "HR48x48" },
    {  64, "HR64x64" },
    {  96, "HR96x96" },
    { 120, "HR120x120" },
    { 240, "HR240x240" },
    { 360, "HR360x360" },
    { 432, "HR432x432" },
    { 504, "HR504x504" },
    { 648, "HR648x648" },
};

static const struct {
    const char *start;
    size_t len;
    const char *type;
} types[] = {
    { "\xff\xd8\xff",      3, "image/jpeg" },
    { "\x89PNG\r\n\x1a\n", 8, "image/png" },
    { "GIF8",              4, "image/gif" },
    { "BM",                2, "image/bmp" },
};
/* clang-format on */

struct wish {
    const char *address;
    const char *size;
};

/* The smallest that is not too small, or the largest. */
static const char *size_for(unsigned pixels)
{
    size_t i = 0;

    while (i + 1 < sizeof sizes / sizeof *sizes && sizes[i].pixels < pixels)
        i++;
    return sizes[i].name;
}

static void build(void *context, struct soap_request *request)
{
    const struct wish *wish = context;

    xml_element(&request->writer, "m:Email", wish->address);
    xml_element(&request->writer, "m:SizeRequested", wish->size);
}

static enum status ask(struct op *op, struct ews *ews, const char *address,
                       unsigned pixels, const char **text_out)
{
    struct wish wish = { address, size_for(pixels) };
    struct soap_call call = { .operation = "GetUserPhoto",
                              .plain = true,
                              .build = build,
                              .context = &wish };
    const struct xml_node *message;
    enum status status = soap_ask(op, ews, &call, op->arena, &message);

    if (status == STATUS_OK)
        *text_out = xml_child_text(message, "PictureData");
    return status;
}

/* Of him whose address it is, not of others who have it as well. */
static enum status look_up(struct op *op, struct ews *ews, const char *address,
                           const char **text_out)
{
    const struct xml_node *set;
    enum status status = resolve_names(
        op, ews, arena_printf(op->arena, "smtp:%s", address), &set);

    if (status == STATUS_OK && set != NULL)
        *text_out =
            xml_child_text(xml_child(set->children, "Contact"), "Photo");
    return status;
}

static const char *type_of(const void *data, size_t len)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (len >= types[i].len &&
            memcmp(data, types[i].start, types[i].len) == 0)
            return types[i].type;
    return NULL;
}

enum status ews_photo(struct op *op, struct remote *remote, const char *address,
                      unsigned pixels, const void **data_out, size_t *len_out,
                      const char **type_out)
{
    struct ews *ews = ews_of(remote);
    const char *text = NULL;
    enum status status = ews_version(ews) >= EWS_2013
                             ? ask(op, ews, address, pixels, &text)
                             : look_up(op, ews, address, &text);

    *data_out = NULL;
    *len_out = 0;
    *type_out = NULL;
    if (status != STATUS_OK)
        return status;
    if (text != NULL)
        *data_out = base64_decode(op->arena, text, strlen(text), len_out);
    if (*data_out != NULL)
        *type_out = type_of(*data_out, *len_out);
    if (*type_out == NULL)
        return op_fail(op, STATUS_NOT_FOUND, "nobody has a picture of %s",
                       str_printable(op->arena, address, strlen(address), 100));
    return STATUS_OK;
}
