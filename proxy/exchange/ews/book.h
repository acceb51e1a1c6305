/*
 * book.h - the offline address book: what its files share
 *
 * Once a day Exchange writes all that is public of everybody into one file,
 * which Outlook takes from a web folder.  Its manifest, oab.xml, says which
 * edition there is (MS-OXWOAB); the file is packed (MS-OXOAB).
 */
#ifndef POSTERN_EXCHANGE_EWS_BOOK_H
#define POSTERN_EXCHANGE_EWS_BOOK_H

#include "proxy/exchange/ews/ews.h"
#include "proxy/exchange/remote_directory.h"

struct oab_record;
struct spool;

/* --- book_place.c --------------------------------------------------------- */

/* Where the folder is, as far as that is known; for all views. */
struct book_place *book_place_new(void);
void book_place_free(struct book_place **place);

/* The folder's path on the server, with a slash behind it.  Autodiscover is
 * asked about the address if nobody has yet.  STATUS_UNSUPPORTED: there is
 * none. */
enum status book_locate(struct op *op, struct ews *ews, const char *address,
                      const char **path_out);

/* It is not where it was: the next one asks again. */
void book_forget(struct ews *ews);

/* --- book_manifest.c ------------------------------------------------------ */

#define BOOK_HASH_SIZE 20

/* An edition of an address list. */
struct book_file {
    struct remote_book_edition edition;
    const char *name;
    uint64_t size; /* in octets */
    uint64_t unpacked;
    unsigned char hash[BOOK_HASH_SIZE]; /* SHA-1 of the file */
};

/* What a manifest says. */
struct book_manifest {
    struct book_file full;
    const struct book_file *diffs; /* each makes its edition of the one before,
                                      as they are listed */
    size_t diff_count;
};

/* Reads a manifest: the first list that has a whole edition; false when there
 * is none. */
bool book_read_manifest(struct arena *arena, const char *text, size_t len,
                        struct book_manifest *manifest_out);

/* --- book_fetch.c --------------------------------------------------------- */

/* Reads a manifest from the folder.  STATUS_UNSUPPORTED: none is there. */
enum status book_fetch_manifest(struct op *op, struct ews *ews,
                                const char *path,
                                struct book_manifest *manifest_out);

/* The file, checked, as it is on the server; the caller frees the spool.
 * STATUS_CORRUPT: it is not what the manifest says. */
enum status book_fetch(struct op *op, struct ews *ews, const char *path,
                       const struct book_file *file, const char *folder,
                       struct spool **packed_out);

/* --- book_unpack.c -------------------------------------------------------- */

/* The same unpacked; the caller frees the spool. */
enum status book_unpack(struct op *op, const struct spool *packed,
                        uint64_t size, const char *folder,
                        struct spool **unpacked_out);

/* What changes make of an edition, unpacked as well; the caller frees it. */
enum status book_patch(struct op *op, const struct spool *packed,
                       const struct spool *before, uint64_t size,
                       const char *folder, struct spool **unpacked_out);

/* --- book_change.c -------------------------------------------------------- */

/* The newest edition, made of the one that is kept by all the changes since;
 * the caller frees it.  False: there is no such way, or it is longer than the
 * whole edition is, or it has come to nothing. */
bool book_change(struct op *op, struct ews *ews, const char *path,
                 const struct book_manifest *manifest, const char *folder,
                 const struct remote_book_edition *known,
                 struct spool **unpacked_out);

/* Keeps the data of an edition in that file, if they are no more than `limit`
 * octets; otherwise, or where the disk refuses, there is no such file. */
void book_keep(const struct spool *unpacked, const char *file, uint64_t limit);

/* --- book_person.c -------------------------------------------------------- */

/* Somebody from his record; false when he has no address of any kind. */
bool book_person(struct arena *arena, const struct oab_record *record,
                 struct person *person_out);

/* --- Slots ---------------------------------------------------------------- */

/* book.c */
enum status ews_book(struct op *op, struct remote *remote, const char *address,
                     const char *folder,
                     const struct remote_book_edition *known,
                     bool (*each)(void *context, const struct person *person),
                     void *context, struct remote_book *book_out);

#endif
