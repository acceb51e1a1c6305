/*
 * cache_files.c - renderings of messages as files in a directory
 *
 * That a file is whole whenever it is there holds while the machine runs.
 * After a power cut a renamed file may be full of zeros; flushing every file
 * costs more than the cache is worth, so all of them go when the machine has
 * been started since and the last gateway did not end in good order.
 */
#include "proxy/exchange/cache_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/spool.h"

#define NAME_MAX_LEN 64

static void file_name(char name[NAME_MAX_LEN], int64_t row, uint32_t rendering)
{
    snprintf(name, NAME_MAX_LEN, "%lld-%lu.eml", (long long)row,
             (unsigned long)rendering);
}

/* --- Opening and closing ------------------------------------------------- */

struct found {
    int64_t row;
    uint32_t rendering;
    uint64_t size;
    struct timespec used;
};

static bool read_text(int directory, const char *path, char *out, size_t room)
{
    int file = openat(directory, path, O_RDONLY | O_CLOEXEC);
    ssize_t len = file >= 0 ? read(file, out, room - 1) : -1;

    if (file >= 0)
        close(file);
    out[len > 0 ? len : 0] = '\0';
    return len > 0;
}

static void write_text(int directory, const char *path, const char *text)
{
    int file =
        openat(directory, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (file >= 0 && write(file, text, strlen(text)) < 0)
        log_warning("postern", "cache cannot be written error=\"%m\"");
    if (file >= 0)
        close(file);
}

/* Whether the files are as they were written; and notes the present start. */
static bool is_trusted(int directory)
{
    char now[64], then[64];
    bool clean = unlinkat(directory, "clean", 0) == 0;

    read_text(AT_FDCWD, "/proc/sys/kernel/random/boot_id", now, sizeof now);
    bool same = read_text(directory, "boot", then, sizeof then) &&
                strcmp(now, then) == 0;
    write_text(directory, "boot", now);
    return clean || same;
}

static int by_use(const void *a, const void *b)
{
    const struct found *left = a, *right = b;

    if (left->used.tv_sec != right->used.tv_sec)
        return left->used.tv_sec < right->used.tv_sec ? -1 : 1;
    return (left->used.tv_nsec > right->used.tv_nsec) -
           (left->used.tv_nsec < right->used.tv_nsec);
}

/* What lies there, one after the other; what is no rendering of ours is taken
 * away. */
static bool look_at(int directory, const char *name, bool trusted,
                    struct found *found)
{
    long long row;
    unsigned long rendering;
    char expected[NAME_MAX_LEN];
    struct stat about;

    if (name[0] == '.' || strcmp(name, "boot") == 0)
        return false;
    if (trusted && sscanf(name, "%lld-%lu.eml", &row, &rendering) == 2 &&
        fstatat(directory, name, &about, AT_SYMLINK_NOFOLLOW) == 0) {
        *found = (struct found){ row, (uint32_t)rendering,
                                 (uint64_t)about.st_size, about.st_mtim };
        file_name(expected, found->row, found->rendering);
        if (S_ISREG(about.st_mode) && strcmp(name, expected) == 0)
            return true;
    }
    unlinkat(directory, name, 0);
    return false;
}

void cache_files_load(int directory,
                      void (*each)(void *context, int64_t row,
                                   uint32_t rendering, uint64_t size),
                      void *context)
{
    bool trusted = is_trusted(directory);
    DIR *listing = fdopendir(dup(directory));
    struct found *found = NULL;
    size_t count = 0;

    if (listing == NULL)
        return;
    rewinddir(listing);
    for (struct dirent *file = readdir(listing); file != NULL;
         file = readdir(listing)) {
        if (count % 1024 == 0)
            found = memory_resize(found, (count + 1024) * sizeof *found);
        if (look_at(directory, file->d_name, trusted, &found[count]))
            count++;
    }
    closedir(listing);
    if (count > 0)
        qsort(found, count, sizeof *found, by_use);
    for (size_t i = 0; i < count; i++)
        each(context, found[i].row, found[i].rendering, found[i].size);
    free(found);
}

int cache_files_open(const char *parent)
{
    char *path;

    if (asprintf(&path, "%s/messages", parent) < 0)
        memory_exhausted();
    mkdir(path, 0700);
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        log_warning("postern", "cache kept in memory path=%s error=\"%m\"",
                    path);
    else
        fchmod(directory, 0700);
    free(path);
    return directory;
}

void cache_files_close(int directory)
{
    syncfs(directory);
    write_text(directory, "clean", "");
    close(directory);
}

void cache_files_clear(const char *parent)
{
    char *path;

    if (asprintf(&path, "%s/messages", parent) < 0)
        memory_exhausted();
    DIR *listing = opendir(path);
    for (struct dirent *file = listing != NULL ? readdir(listing) : NULL;
         file != NULL; file = readdir(listing))
        if (strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0)
            unlinkat(dirfd(listing), file->d_name, 0);
    if (listing != NULL)
        closedir(listing);
    rmdir(path);
    free(path);
}

/* --- Use ----------------------------------------------------------------- */

struct spool *cache_files_read(int directory, int64_t row, uint32_t rendering,
                               uint64_t size)
{
    char name[NAME_MAX_LEN];
    struct stat about;

    file_name(name, row, rendering);
    int file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file >= 0 && fstat(file, &about) == 0 &&
        (uint64_t)about.st_size == size) {
        utimensat(directory, name, NULL, 0);
        return spool_from_file(file, size);
    }
    if (file >= 0)
        close(file);
    return NULL;
}

static bool copy_to_file(int file, const struct spool *content)
{
    char block[32 * 1024];
    uint64_t at = 0;

    while (at < spool_size(content)) {
        long got = spool_read(content, at, block, sizeof block);
        if (got <= 0 || write(file, block, (size_t)got) != got)
            return false;
        at += (uint64_t)got;
    }
    return true;
}

bool cache_files_write(int directory, int64_t row, uint32_t rendering,
                       uint64_t number, const struct spool *content)
{
    char name[NAME_MAX_LEN], temporary[NAME_MAX_LEN];

    file_name(name, row, rendering);
    snprintf(temporary, sizeof temporary, "new-%llu",
             (unsigned long long)number);
    int file = openat(directory, temporary,
                      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    bool written = copy_to_file(file, content);
    written &= close(file) == 0;
    if (written && renameat(directory, temporary, directory, name) == 0)
        return true;
    unlinkat(directory, temporary, 0);
    return false;
}

void cache_files_remove(int directory, int64_t row, uint32_t rendering)
{
    char name[NAME_MAX_LEN];

    file_name(name, row, rendering);
    unlinkat(directory, name, 0);
}
