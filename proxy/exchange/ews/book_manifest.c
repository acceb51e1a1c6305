/*
 * book_manifest.c - what oab.xml says
 *
 * MS-OXWOAB, 2.2.2:
 *
 *     OAB
 *         OAL            id, dn, name                one for each address list
 *             Full       seq, ver, size, uncompressedsize, SHA: a file's name
 *             Diff       the same, from one edition to the next
 *             Template   forms, which only Outlook shows
 */
#include "proxy/exchange/ews/book.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/xml.h"

#define MANIFEST_LIMIT (4u << 20)

/* "32" is version 4. */
#define VERSION_4 "32"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hash(const char *text, unsigned char hash[BOOK_HASH_SIZE])
{
    if (text == NULL || strlen(text) != 2 * (size_t)BOOK_HASH_SIZE)
        return false;
    for (size_t i = 0; i < BOOK_HASH_SIZE; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        hash[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* A name in the same folder, and nothing that has to be written otherwise in a
 * request. */
static bool is_name(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789._-~";

    return *name != '\0' && *name != '.' &&
           strspn(name, allowed) == strlen(name);
}

static bool read_u64(const struct xml_node *node, const char *attribute,
                     uint64_t max, uint64_t *number)
{
    const char *text = xml_value(node, attribute);

    return text != NULL && str_to_u64(text, max, number);
}

static bool read_file(struct arena *arena, const struct xml_node *node,
                      const char *id, struct book_file *file)
{
    uint64_t sequence;

    if (!str_equal(xml_value(node, "ver"), VERSION_4) ||
        !read_u64(node, "seq", UINT32_MAX, &sequence) ||
        !read_u64(node, "size", INT64_MAX, &file->size) ||
        !read_u64(node, "uncompressedsize", INT64_MAX, &file->unpacked) ||
        !read_hash(xml_value(node, "SHA"), file->hash))
        return false;
    file->edition = (struct remote_book_edition){ .id = id };
    file->edition.sequence = (uint32_t)sequence;
    file->name = str_trim(arena, node->text);
    return is_name(file->name);
}

/* Those that cannot be read are left out. */
static void read_diffs(struct arena *arena, const struct xml_node *list,
                       struct book_manifest *manifest)
{
    struct book_file *diffs;
    size_t count = 0;

    for (const struct xml_node *at = list->children; at; at = at->next)
        count++;
    manifest->diffs = diffs = arena_array(arena, count, sizeof *diffs);
    for (const struct xml_node *at = list->children; at; at = at->next)
        if (strcmp(at->name, "Diff") == 0 &&
            read_file(arena, at, manifest->full.edition.id,
                      &diffs[manifest->diff_count]))
            manifest->diff_count++;
}

static bool read_list(struct arena *arena, const struct xml_node *list,
                      struct book_manifest *manifest)
{
    const struct xml_node *full = xml_child(list, "Full");
    const char *id = xml_value(list, "id");

    *manifest = (struct book_manifest){ .diff_count = 0 };
    if (full == NULL || id == NULL || *id == '\0' ||
        !read_file(arena, full, arena_strdup(arena, id), &manifest->full))
        return false;
    read_diffs(arena, list, manifest);
    return true;
}

bool book_read_manifest(struct arena *arena, const char *text, size_t len,
                        struct book_manifest *manifest_out)
{
    const struct xml_node *root =
        xml_tree_read(arena, text, len, MANIFEST_LIMIT);

    if (root == NULL || strcmp(root->name, "OAB") != 0)
        return false;
    for (const struct xml_node *at = root->children; at != NULL; at = at->next)
        if (strcmp(at->name, "OAL") == 0 && read_list(arena, at, manifest_out))
            return true;
    return false;
}
