package dev.muster.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map that never changes: {@link #with} and {@link #without} give another one that shares all but a path with it,
 * so that one change among 50,000 entries costs a dozen small objects and every older map stays what it was. A treap whose
 * priorities come from the keys' hashes, which keeps it balanced whatever the order of insertion.
 */
@SuppressWarnings("JdkObsolete") // NavigableMap has twice the methods, and readers need none of them
public final class PersistentMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V>
        implements SortedMap<K, V> {

    @SuppressWarnings("ReferenceEquality") // the same tree is an unchanged one
    private record Node<K, V>(
            K key,
            V value,
            int priority,
            @Nullable Node<K, V> left,
            @Nullable Node<K, V> right) {

        Node<K, V> withLeft(@Nullable Node<K, V> newLeft) {
            return newLeft == left ? this : new Node<>(key, value, priority, newLeft, right);
        }

        Node<K, V> withRight(@Nullable Node<K, V> newRight) {
            return newRight == right ? this : new Node<>(key, value, priority, left, newRight);
        }
    }

    private static final int UNCOUNTED = -1;

    private final @Nullable Node<K, V> root;
    private final @Nullable K from;
    private final @Nullable K to;
    private final int size;

    private PersistentMap(@Nullable Node<K, V> root, @Nullable K from, @Nullable K to, int size) {
        this.root = root;
        this.from = from;
        this.to = to;
        this.size = size;
    }

    public static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
        return new PersistentMap<>(null, null, null, 0);
    }

    /** One with these entries; the very same map where it is one already. */
    public static <K extends Comparable<? super K>, V> PersistentMap<K, V> of(SortedMap<K, V> entries) {
        if (entries instanceof PersistentMap<K, V> same && same.isWhole()) {
            return same;
        }
        PersistentMap<K, V> all = empty();
        for (Entry<K, V> entry : entries.entrySet()) {
            all = all.with(entry.getKey(), entry.getValue());
        }
        return all;
    }

    /**
     * The keys that are in one of the two alone or have another value in each. Where both have come of one map it costs what
     * differs, whatever their size.
     */
    @SuppressWarnings("ReferenceEquality") // a map is no other than itself
    public static <K extends Comparable<? super K>, V> SortedSet<K> differing(
            SortedMap<K, V> one, SortedMap<K, V> other) {
        SortedSet<K> found = new TreeSet<>();
        if (one == other) {
            return found;
        }
        if (one instanceof PersistentMap<K, V> first
                && first.isWhole()
                && other instanceof PersistentMap<K, V> second
                && second.isWhole()) {
            differing(first.root, second.root, found);
            return found;
        }
        one.forEach((key, value) -> {
            if (!value.equals(other.get(key))) {
                found.add(key);
            }
        });
        other.keySet().forEach(key -> {
            if (!one.containsKey(key)) {
                found.add(key);
            }
        });
        return found;
    }

    /** This map with the key's value set; this very map when it has that very value already. */
    public PersistentMap<K, V> with(K key, V value) {
        requireWhole();
        @Nullable V before = get(key);
        if (before != null && before.equals(value)) {
            return this;
        }
        return new PersistentMap<>(
                insert(root, key, value, priority(key)), null, null, before == null ? size + 1 : size);
    }

    /** This map without the key; this very map when it is not there. */
    public PersistentMap<K, V> without(K key) {
        requireWhole();
        return containsKey(key) ? new PersistentMap<>(remove(root, key), null, null, size - 1) : this;
    }

    /** Whether it is the very same map, unchanged; cheaper than comparing what is in it. */
    @SuppressWarnings("ReferenceEquality")
    public boolean isSameAs(PersistentMap<K, V> other) {
        return root == other.root;
    }

    @Override
    public @Nullable V get(Object key) {
        @SuppressWarnings("unchecked")
        K wanted = (K) key;
        if (outside(wanted)) {
            return null;
        }
        Node<K, V> node = root;
        while (node != null) {
            int order = wanted.compareTo(node.key());
            if (order == 0) {
                return node.value();
            }
            node = order < 0 ? node.left() : node.right();
        }
        return null;
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public @Nullable Comparator<? super K> comparator() {
        return null;
    }

    @Override
    public SortedMap<K, V> subMap(K fromKey, K toKey) {
        return new PersistentMap<>(root, later(fromKey, from), earlier(toKey, to), UNCOUNTED);
    }

    @Override
    public SortedMap<K, V> headMap(K toKey) {
        return new PersistentMap<>(root, from, earlier(toKey, to), UNCOUNTED);
    }

    @Override
    public SortedMap<K, V> tailMap(K fromKey) {
        return new PersistentMap<>(root, later(fromKey, from), to, UNCOUNTED);
    }

    @Override
    public K firstKey() {
        return new Entries().next().getKey();
    }

    @Override
    public K lastKey() {
        @Nullable K last = null;
        Node<K, V> node = root;
        while (node != null) {
            boolean within = to == null || node.key().compareTo(to) < 0;
            if (within) {
                last = node.key();
            }
            node = within ? node.right() : node.left();
        }
        if (last == null || outside(last)) {
            throw new NoSuchElementException();
        }
        return last;
    }

    @Override
    public int size() {
        if (size != UNCOUNTED) {
            return size;
        }
        int count = 0;
        for (Iterator<Entry<K, V>> all = new Entries(); all.hasNext(); all.next()) {
            count++;
        }
        return count;
    }

    @Override
    public boolean isEmpty() {
        return !new Entries().hasNext();
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return PersistentMap.this.size();
            }
        };
    }

    private final class Entries implements Iterator<Entry<K, V>> {
        private final Deque<Node<K, V>> path = new ArrayDeque<>();

        Entries() {
            Node<K, V> node = root;
            while (node != null) {
                if (from != null && node.key().compareTo(from) < 0) {
                    node = node.right();
                } else {
                    path.push(node);
                    node = node.left();
                }
            }
        }

        @Override
        public boolean hasNext() {
            Node<K, V> next = path.peek();
            return next != null && (to == null || next.key().compareTo(to) < 0);
        }

        @Override
        public Entry<K, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Node<K, V> node = path.pop();
            for (Node<K, V> below = node.right(); below != null; below = below.left()) {
                path.push(below);
            }
            return new SimpleImmutableEntry<>(node.key(), node.value());
        }
    }

    private boolean isWhole() {
        return from == null && to == null;
    }

    private void requireWhole() {
        if (!isWhole()) {
            throw new UnsupportedOperationException("a part of a map cannot be changed");
        }
    }

    private boolean outside(K key) {
        return (from != null && key.compareTo(from) < 0) || (to != null && key.compareTo(to) >= 0);
    }

    private static <K extends Comparable<? super K>> K later(K key, @Nullable K bound) {
        return bound == null || key.compareTo(bound) > 0 ? key : bound;
    }

    private static <K extends Comparable<? super K>> K earlier(K key, @Nullable K bound) {
        return bound == null || key.compareTo(bound) < 0 ? key : bound;
    }

    /** Java's string hashes of similar names are neighbours; a treap needs them spread (the finalizer of MurmurHash3). */
    private static int priority(Object key) {
        int hash = key.hashCode();
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> insert(
            @Nullable Node<K, V> node, K key, V value, int priority) {
        if (node == null) {
            return new Node<>(key, value, priority, null, null);
        }
        int order = key.compareTo(node.key());
        if (order == 0) {
            return new Node<>(key, value, priority, node.left(), node.right());
        }
        if (order < 0) {
            Node<K, V> left = insert(node.left(), key, value, priority);
            return left.priority() > node.priority()
                    ? left.withRight(node.withLeft(left.right()))
                    : node.withLeft(left);
        }
        Node<K, V> right = insert(node.right(), key, value, priority);
        return right.priority() > node.priority()
                ? right.withLeft(node.withRight(right.left()))
                : node.withRight(right);
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key());
        if (order == 0) {
            return join(node.left(), node.right());
        }
        return order < 0 ? node.withLeft(remove(node.left(), key)) : node.withRight(remove(node.right(), key));
    }

    private static <K, V> @Nullable Node<K, V> join(@Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        if (left == null) {
            return right;
        }
        if (right == null) {
            return left;
        }
        return left.priority() > right.priority()
                ? left.withRight(join(left.right(), right))
                : right.withLeft(join(left, right.left()));
    }

    /** What two trees have in common is mostly the same nodes: neither is looked into. */
    @SuppressWarnings("ReferenceEquality")
    private static <K extends Comparable<? super K>, V> void differing(
            @Nullable Node<K, V> one, @Nullable Node<K, V> other, Set<K> found) {
        if (one == other) {
            return;
        }
        if (one == null || (other != null && other.priority() > one.priority())) {
            differing(other, one, found);
            return;
        }
        Parts<K, V> parts = split(other, one.key());
        if (!Objects.equals(one.value(), parts.at())) {
            found.add(one.key());
        }
        differing(one.left(), parts.before(), found);
        differing(one.right(), parts.after(), found);
    }

    /** What is before a key, at it, and after it. */
    private record Parts<K, V>(
            @Nullable Node<K, V> before,
            @Nullable V at,
            @Nullable Node<K, V> after) {}

    private static <K extends Comparable<? super K>, V> Parts<K, V> split(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return new Parts<>(null, null, null);
        }
        int order = key.compareTo(node.key());
        if (order == 0) {
            return new Parts<>(node.left(), node.value(), node.right());
        }
        if (order < 0) {
            Parts<K, V> left = split(node.left(), key);
            return new Parts<>(left.before(), left.at(), node.withLeft(left.after()));
        }
        Parts<K, V> right = split(node.right(), key);
        return new Parts<>(node.withRight(right.before()), right.at(), right.after());
    }
}
