/*
 * mime.c - finding a part by its number
 */
#include "proxy/format/mime.h"

/* RFC 3501, 6.4.5: a multipart's parts are numbered from 1; a message that is
 * no multipart has its body as part 1; a number after a message/rfc822 goes
 * into it. */
const struct mime_part *mime_part_find(const struct mime_part *root,
                                       const uint32_t numbers[], size_t count)
{
    const struct mime_part *part = root;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && part->kind == MIME_LEAF)
            return NULL;
        if (i > 0 && part->kind == MIME_MESSAGE)
            part = &part->children[0];
        if (part->kind == MIME_MULTIPART) {
            if (numbers[i] == 0 || numbers[i] > part->child_count)
                return NULL;
            part = &part->children[numbers[i] - 1];
        } else if (numbers[i] != 1) {
            return NULL;
        }
    }
    return part;
}
