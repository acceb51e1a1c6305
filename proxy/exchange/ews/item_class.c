/*
 * item_class.c - see item_class.h
 *
 * Exchange refuses reports that come as plain messages (ErrorObjectTypeChanged)
 * and takes signed or encrypted ones apart unless their class says what they
 * are.
 */
#include "proxy/exchange/ews/item_class.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/mime.h"

/* clang-format off */

/* The first line whose words are both in the Content-Type counts. */
static const struct {
    const char *type;
    const char *parameter;
    const char *class;
} classes[] = {
    { "multipart/report",           "disposition-notification", "REPORT.IPM.Note.IPNRN" },
    { "multipart/report",           "delivery-status",          "REPORT.IPM.Note.NDR" },
    { "multipart/signed",           "pkcs7-signature",          "IPM.Note.SMIME.MultipartSigned" },
    { "application/pkcs7-mime",     "",                         "IPM.Note.SMIME" },
    { "application/x-pkcs7-mime",   "",                         "IPM.Note.SMIME" },
};
/* clang-format on */

const char *item_class_of(struct arena *arena, const char *header, size_t len)
{
    char *type = mime_header_value(arena, header, len, "Content-Type");

    if (type == NULL)
        return NULL;
    str_lower(type);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (str_starts(type, classes[i].type) &&
            strstr(type, classes[i].parameter) != NULL)
            return classes[i].class;
    return NULL;
}
