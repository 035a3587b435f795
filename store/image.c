/* The page format of LMDB 0.9 (MDB_DATA_VERSION 1; mdb.c, "MDB_page", "MDB_node", "MDB_db",
 * "MDB_meta"), read in the host's byte order as LMDB does. Trusts no number in the file. */
#include "store/image.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "store/record.h"

static const uint32_t magic = 0xBEEFC0DE;
static const uint32_t data_version = 1;
static const uint64_t no_page = UINT64_MAX;

enum {
    PAGE_SIZE_MIN = 512,
    PAGE_SIZE_MAX = 32768,
    META_PAGES = 2,
    NODE_HEADER = 8,
    DEPTH_MAX = 32,         /* LMDB's CURSOR_STACK */
    FREE_TREE_FLAGS = 0x08, /* MDB_INTEGERKEY */
};

enum page_flags {
    PAGE_BRANCH = 0x01,
    PAGE_LEAF = 0x02,
    PAGE_OVERFLOW = 0x04,
    PAGE_META = 0x08,
};

enum node_flags {
    NODE_BIG = 0x01, /* the value lies on overflow pages */
    NODE_TREE = 0x02,
};

struct page {
    uint64_t number;
    uint16_t pad, flags, lower, upper; /* of overflow pages: lower and upper are their count */
};

struct node {
    uint16_t low, high, flags, key_size;
};

struct tree {
    uint32_t pad; /* of the free tree: the page size */
    uint16_t flags, depth;
    uint64_t branches, leaves, overflows, entries, root;
};

struct meta {
    uint32_t magic, version;
    uint64_t address, map_size;
    struct tree free, main;
    uint64_t last_page, txn;
};

_Static_assert(sizeof(struct page) == 16, "LMDB's page header");
_Static_assert(sizeof(struct node) == NODE_HEADER, "LMDB's node header");
_Static_assert(sizeof(struct tree) == 48, "LMDB's MDB_db");
_Static_assert(sizeof(struct meta) == 136, "LMDB's MDB_meta");

struct bytes {
    const uint8_t *data; /* NULL as a bound: none */
    size_t size;
};

/* Keys from low up to but not including high. */
struct range {
    struct bytes low, high;
};

struct image {
    const uint8_t *data;
    uint64_t page_count; /* whole pages in the file */
    size_t page_size;
    struct meta meta;
    uint8_t *seen; /* a bit for each page up to meta.last_page */
    uint64_t seen_count;
    unsigned tables; /* a bit for each table found */
    bool has_schema;
    const char *problem;
};

/* One tree on the way. Visits what its leaves hold. */
struct walk {
    struct image *image;
    struct tree tree;
    bool (*visit)(struct walk *self, struct bytes key, struct bytes value, unsigned flags);
    size_t key_size;   /* 0: any */
    bool has_int_keys; /* native 64-bit numbers, else they sort as bytes */
    uint64_t branches, leaves, overflows, entries;
};

static const struct {
    const char *name;
    size_t key_size;
} tables[STORE_TABLES] = {
    [STORE_TABLE_ENTRIES] = {"entries", STORE_KEY_SIZE},
    [STORE_TABLE_BODIES] = {"bodies", STORE_RECORD_CHUNK_KEY},
    [STORE_TABLE_REFS] = {"refs", STORE_CONTENT_SIZE},
    [STORE_TABLE_EXPIRY] = {"expiry", STORE_RECORD_ORDER_SIZE},
    [STORE_TABLE_USE] = {"use", STORE_RECORD_ORDER_SIZE},
    [STORE_TABLE_META] = {"meta", 0},
};

static const char schema[] = "runmesh store 1";

const char *store_image_table_name(enum store_table_id id)
{
    return tables[id].name;
}

const char *store_image_schema(void)
{
    return schema;
}

static bool fail(struct image *self, const char *problem)
{
    if (!self->problem)
        self->problem = problem;
    return false;
}

/* Notes that the page is in use or free; false when it was noted before. */
static bool claim(struct image *self, uint64_t number)
{
    if (number < META_PAGES || number > self->meta.last_page)
        return fail(self, "page number out of range");
    uint8_t *byte = &self->seen[number / 8];
    const uint8_t bit = (uint8_t)(1U << number % 8);
    if (*byte & bit)
        return fail(self, "page used twice");
    *byte |= bit;
    self->seen_count++;
    return true;
}

static bool read_page(struct image *self, uint64_t number, struct page *ret_page)
{
    if (!claim(self, number))
        return false;
    if (number >= self->page_count)
        return fail(self, "page beyond the end of the file");
    memcpy(ret_page, self->data + number * self->page_size, sizeof *ret_page);
    if (ret_page->number != number)
        return fail(self, "page with another's number");
    return true;
}

static int compare(const struct walk *self, struct bytes a, struct bytes b)
{
    if (self->has_int_keys) {
        uint64_t x, y;
        memcpy(&x, a.data, sizeof x);
        memcpy(&y, b.data, sizeof y);
        return (x > y) - (x < y);
    }
    const size_t size = a.size < b.size ? a.size : b.size;
    const int order = memcmp(a.data, b.data, size);
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

/* A value that has pages of its own. */
static bool read_overflow(struct walk *self, const uint8_t *at, size_t size, struct bytes *ret)
{
    struct image *image = self->image;
    struct page page = {0};
    uint64_t number;
    memcpy(&number, at, sizeof number);
    if (!read_page(image, number, &page))
        return false;
    const uint64_t count = (sizeof page - 1 + size) / image->page_size + 1;
    const uint64_t recorded = page.lower | (uint64_t)page.upper << 16;
    if (page.flags != PAGE_OVERFLOW || recorded != count)
        return fail(image, "broken overflow page");
    if (count > image->page_count - number)
        return fail(image, "overflow pages beyond the end of the file");
    for (uint64_t i = 1; i < count; i++)
        if (!claim(image, number + i))
            return false;
    self->overflows += count;
    ret->data = image->data + number * image->page_size + sizeof page;
    ret->size = size;
    return true;
}

/* Where node i stands on its page, whose space up to the end is in bounds with the header alone. */
static size_t node_at(const uint8_t *page, size_t i)
{
    uint16_t at;
    memcpy(&at, page + sizeof(struct page) + i * sizeof at, sizeof at);
    return at;
}

static size_t even(size_t size)
{
    return size + (size & 1);
}

/* Bytes that the node takes, without rounding. */
static size_t node_size(const struct node *node, bool is_leaf)
{
    size_t size = NODE_HEADER + (size_t)node->key_size;
    if (is_leaf && node->flags & NODE_BIG)
        size += sizeof(uint64_t);
    else if (is_leaf)
        size += (size_t)node->low | (size_t)node->high << 16;
    return size;
}

/* Whether the nodes tile the page from `upper` to its end. */
static bool check_layout(struct image *self, const struct page *page, const uint8_t *data)
{
    const bool is_leaf = page->flags == PAGE_LEAF;
    if (!is_leaf && page->flags != PAGE_BRANCH)
        return fail(self, "page of an unknown kind");
    if (page->lower < sizeof *page || page->lower % 2 || page->lower > page->upper ||
        page->upper > self->page_size)
        return fail(self, "page with broken bounds");
    size_t total = 0;
    const size_t count = (page->lower - sizeof *page) / sizeof(uint16_t);
    for (size_t i = 0; i < count; i++) {
        const size_t at = node_at(data, i);
        struct node node;
        if (at < page->upper || at % 2 || at + NODE_HEADER > self->page_size)
            return fail(self, "node outside its page");
        memcpy(&node, data + at, sizeof node);
        const size_t size = node_size(&node, is_leaf);
        if (size > self->page_size - at)
            return fail(self, "node reaches out of its page");
        total += even(size);
    }
    if (total != self->page_size - page->upper)
        return fail(self, "page with gaps or overlaps");
    if (count < (is_leaf ? 1U : 2U))
        return fail(self, "page with too few nodes");
    return true;
}

/* A key that follows `previous` on its page, if there is one, and lies in the page's range. */
static bool check_key(struct walk *self, struct bytes key, struct bytes previous,
                      struct range range)
{
    if (self->key_size && key.size != self->key_size)
        return fail(self->image, "key of a wrong size");
    if (previous.data && compare(self, previous, key) >= 0)
        return fail(self->image, "keys out of order");
    if (range.low.data && compare(self, key, range.low) < 0)
        return fail(self->image, "key below its page's range");
    if (range.high.data && compare(self, key, range.high) >= 0)
        return fail(self->image, "key above its page's range");
    return true;
}

static bool walk_leaf_node(struct walk *self, const uint8_t *at, struct bytes key)
{
    struct node node;
    memcpy(&node, at, sizeof node);
    struct bytes value = {.data = key.data + key.size,
                          .size = (size_t)node.low | (size_t)node.high << 16};
    if (node.flags & ~(NODE_BIG | NODE_TREE))
        return fail(self->image, "node of an unknown kind");
    if (node.flags & NODE_BIG && !read_overflow(self, value.data, value.size, &value))
        return false;
    self->entries++;
    return self->visit(self, key, value, node.flags);
}

static struct bytes key_at(const uint8_t *data, size_t i)
{
    struct node node;
    const uint8_t *at = data + node_at(data, i);
    memcpy(&node, at, sizeof node);
    const struct bytes key = {.data = at + NODE_HEADER, .size = node.key_size};
    return key;
}

static bool walk_leaf(struct walk *self, const uint8_t *data, size_t count, struct range range)
{
    struct bytes previous = {0};
    self->leaves++;
    for (size_t i = 0; i < count; i++) {
        const struct bytes key = key_at(data, i);
        if (!check_key(self, key, previous, range))
            return false;
        if (!walk_leaf_node(self, data + node_at(data, i), key))
            return false;
        previous = key;
    }
    return true;
}

static bool walk_page(struct walk *self, uint64_t number, unsigned level, struct range range);

/* The first node's key is not looked at, as LMDB does not: it stands for all below the second. */
static bool walk_branch(struct walk *self, const uint8_t *data, size_t count, unsigned level,
                        struct range range)
{
    struct bytes low = range.low;
    self->branches++;
    for (size_t i = 0; i < count; i++) {
        const struct bytes high = i + 1 < count ? key_at(data, i + 1) : range.high;
        const struct bytes previous = i > 0 ? low : (struct bytes){0};
        struct node node;
        memcpy(&node, data + node_at(data, i), sizeof node);
        const uint64_t child = node.low | (uint64_t)node.high << 16 | (uint64_t)node.flags << 32;
        if (i + 1 < count && !check_key(self, high, previous, range))
            return false;
        if (!walk_page(self, child, level + 1, (struct range){.low = low, .high = high}))
            return false;
        low = high;
    }
    return true;
}

static bool walk_page(struct walk *self, uint64_t number, unsigned level, struct range range)
{
    struct page page = {0};
    if (!read_page(self->image, number, &page))
        return false;
    const uint8_t *data = self->image->data + number * self->image->page_size;
    if (!check_layout(self->image, &page, data))
        return false;
    if ((page.flags == PAGE_LEAF) != (level == self->tree.depth))
        return fail(self->image, "tree of uneven depth");
    const size_t count = (page.lower - sizeof page) / sizeof(uint16_t);
    if (page.flags == PAGE_LEAF)
        return walk_leaf(self, data, count, range);
    return walk_branch(self, data, count, level, range);
}

static bool walk_tree(struct walk *self)
{
    const struct tree *tree = &self->tree;
    if (tree->root == no_page)
        return tree->depth == 0 && tree->entries == 0 && tree->branches == 0 && tree->leaves == 0 &&
                       tree->overflows == 0
                   ? true
                   : fail(self->image, "empty tree with contents");
    if (tree->depth < 1 || tree->depth > DEPTH_MAX)
        return fail(self->image, "tree of impossible depth");
    if (!walk_page(self, tree->root, 1, (struct range){0}))
        return false;
    if (self->branches != tree->branches || self->leaves != tree->leaves ||
        self->overflows != tree->overflows || self->entries != tree->entries)
        return fail(self->image, "tree with wrong counts");
    return true;
}

/* Pages that were freed by one transaction: their count, then their numbers. */
static bool visit_free(struct walk *self, struct bytes key, struct bytes value, unsigned flags)
{
    uint64_t txn, count, number;
    memcpy(&txn, key.data, sizeof txn);
    if (txn > self->image->meta.txn || value.size < sizeof count || flags & NODE_TREE)
        return fail(self->image, "broken list of free pages");
    memcpy(&count, value.data, sizeof count);
    if (count > value.size / sizeof number - 1)
        return fail(self->image, "broken list of free pages");
    for (uint64_t i = 1; i <= count; i++) {
        memcpy(&number, value.data + i * sizeof number, sizeof number);
        if (!claim(self->image, number))
            return false;
    }
    return true;
}

static bool visit_plain(struct walk *self, struct bytes key, struct bytes value, unsigned flags)
{
    (void)key;
    (void)value;
    return flags & NODE_TREE ? fail(self->image, "tree inside a table") : true;
}

static bool visit_meta(struct walk *self, struct bytes key, struct bytes value, unsigned flags)
{
    static const char name[] = "schema";
    if (key.size == strlen(name) && memcmp(key.data, name, key.size) == 0) {
        if (value.size != strlen(schema) || memcmp(value.data, schema, value.size) != 0)
            return fail(self->image, "another schema");
        self->image->has_schema = true;
    }
    return visit_plain(self, key, value, flags);
}

static bool visit_main(struct walk *self, struct bytes key, struct bytes value, unsigned flags)
{
    unsigned id = 0;
    while (id < STORE_TABLES && (key.size != strlen(tables[id].name) ||
                                 memcmp(key.data, tables[id].name, key.size) != 0))
        id++;
    if (id == STORE_TABLES || flags != NODE_TREE || value.size != sizeof(struct tree))
        return fail(self->image, "table that is not ours");
    struct walk walk = {.image = self->image,
                        .visit = id == STORE_TABLE_META ? visit_meta : visit_plain,
                        .key_size = tables[id].key_size};
    memcpy(&walk.tree, value.data, sizeof walk.tree);
    if (walk.tree.flags != 0)
        return fail(self->image, "table of an unknown kind");
    self->image->tables |= 1U << id;
    return walk_tree(&walk);
}

static bool check_meta(struct image *self, const struct page *page, const struct meta *meta)
{
    if (page->flags != PAGE_META || meta->magic != magic)
        return fail(self, "not an LMDB file");
    if (meta->version != data_version)
        return fail(self, "another version of LMDB's format");
    if (meta->free.flags != FREE_TREE_FLAGS || meta->main.flags != 0 || meta->address != 0)
        return fail(self, "LMDB file of another kind");
    if (meta->free.pad != self->page_size)
        return fail(self, "two page sizes");
    return true;
}

/* Both meta pages must be sound; the one of the later transaction counts. */
static bool read_metas(struct image *self, size_t size)
{
    struct page pages[META_PAGES];
    struct meta metas[META_PAGES];
    if (size < sizeof pages[0] + sizeof metas[0])
        return fail(self, "too short");
    memcpy(&metas[0], self->data + sizeof pages[0], sizeof metas[0]);
    self->page_size = metas[0].free.pad;
    if (self->page_size < PAGE_SIZE_MIN || self->page_size > PAGE_SIZE_MAX ||
        self->page_size & (self->page_size - 1))
        return fail(self, "impossible page size");
    self->page_count = size / self->page_size;
    if (self->page_count < META_PAGES)
        return fail(self, "too short");
    for (size_t i = 0; i < META_PAGES; i++) {
        const uint8_t *data = self->data + i * self->page_size;
        memcpy(&pages[i], data, sizeof pages[i]);
        memcpy(&metas[i], data + sizeof pages[i], sizeof metas[i]);
        if (!check_meta(self, &pages[i], &metas[i]))
            return false;
        if (metas[i].txn != 0 && metas[i].txn % META_PAGES != i)
            return fail(self, "meta page in the wrong place");
    }
    const uint64_t first = metas[0].txn, second = metas[1].txn;
    if (first != second && first + 1 != second && second + 1 != first)
        return fail(self, "meta pages that do not follow one another");
    self->meta = first < second ? metas[1] : metas[0];
    return true;
}

static bool check_trees(struct image *self)
{
    struct walk free_pages = {.image = self,
                              .tree = self->meta.free,
                              .visit = visit_free,
                              .key_size = sizeof(uint64_t),
                              .has_int_keys = true};
    struct walk main_tree = {.image = self, .tree = self->meta.main, .visit = visit_main};
    if (!walk_tree(&free_pages) || !walk_tree(&main_tree))
        return false;
    if (self->seen_count + META_PAGES != self->meta.last_page + 1)
        return fail(self, "pages neither used nor free");
    const unsigned all = (1U << STORE_TABLES) - 1;
    if (self->tables != 0 && (self->tables != all || !self->has_schema))
        return fail(self, "tables missing");
    return true;
}

int store_image_check(const uint8_t *data, size_t size, const char **ret_problem)
{
    struct image image = {.data = data};
    bool is_sound = read_metas(&image, size);
    /* Pages beyond the file's end can only be free ones, whose numbers must stand in the file. */
    if (is_sound && image.meta.last_page / sizeof(uint64_t) > size)
        is_sound = fail(&image, "last page out of range");
    if (is_sound) {
        image.seen = calloc(1, image.meta.last_page / 8 + 1);
        if (!image.seen)
            return -ENOMEM;
        is_sound = check_trees(&image);
        free(image.seen);
    }
    if (!is_sound)
        *ret_problem = image.problem;
    return is_sound ? 0 : -EUCLEAN;
}
