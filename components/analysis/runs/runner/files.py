"""Files where results lie: of this machine (mounted EOS included), or of whatever Hadoop's file systems reach."""

import hashlib
import os
import shutil


class LocalFiles:
    """Paths of this machine."""

    def exists(self, path):
        return os.path.exists(path)

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()

    def write(self, path, content):
        """Writes as a whole: a reader sees all of it or nothing."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        temporary = f"{path}.{os.getpid()}"
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)

    def names(self, path):
        """Names in a folder; nothing when there is none."""
        return sorted(os.listdir(path)) if os.path.isdir(path) else []

    def all_files(self, path):
        """Every file below a folder, or the file itself, relative to the folder that holds it."""
        if os.path.isfile(path):
            return [os.path.basename(path)]
        above = os.path.dirname(path)
        found = (os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names)
        return sorted(os.path.relpath(file, above) for file in found)

    def move(self, source, target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.move(source, target)

    def upload(self, local, target):
        self.move(local, target)

    def delete(self, path):
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.remove(path)

    def size(self, path):
        return os.path.getsize(path)

    def sha256(self, path):
        return digest_of(path, "sha256")

    def stamp(self, path):
        """What changes when the file does: its size and when it was written."""
        status = os.stat(path)
        return f"{status.st_size}-{status.st_mtime_ns}"


class HadoopFiles:
    """URIs that Hadoop knows a file system for: s3a://, root:// with EOS' connector, file://."""

    def __init__(self, jvm, configuration, uri):
        self._jvm = jvm
        self._configuration = configuration
        self._system = self._path(uri).getFileSystem(configuration)

    def _path(self, uri):
        return self._jvm.org.apache.hadoop.fs.Path(uri)

    def exists(self, path):
        return self._system.exists(self._path(path))

    def read(self, path):
        stream = self._system.open(self._path(path))
        try:
            return bytes(self._jvm.org.apache.commons.io.IOUtils.toByteArray(stream))
        finally:
            stream.close()

    def write(self, path, content):
        """An object store shows an object when it is closed. Elsewhere a name is given to what is whole."""
        whole = path.startswith("s3a://")
        target = self._path(path if whole else f"{path}.{os.getpid()}")
        stream = self._system.create(target, True)
        stream.write(bytearray(content))
        stream.close()
        if not whole and not self._system.rename(target, self._path(path)):
            raise OSError(f"could not write {path}")

    def names(self, path):
        if not self.exists(path):
            return []
        return sorted(status.getPath().getName() for status in self._system.listStatus(self._path(path)))

    def all_files(self, path):
        above = self._system.makeQualified(self._path(path)).getParent().toUri()
        found, files = [], self._system.listFiles(self._path(path), True)
        while files.hasNext():
            found.append(above.relativize(files.next().getPath().toUri()).getPath())
        return sorted(name for name in found if not name.endswith(".crc"))

    def move(self, source, target):
        self._system.mkdirs(self._path(target).getParent())
        if not self._system.rename(self._path(source), self._path(target)):
            raise OSError(f"could not move {source} to {target}")

    def upload(self, local, target):
        self._system.copyFromLocalFile(True, True, self._path(f"file://{local}"), self._path(target))

    def delete(self, path):
        self._system.delete(self._path(path), True)

    def size(self, path):
        return self._system.getFileStatus(self._path(path)).getLen()

    def sha256(self, path):
        return self._digest(path, "sha256Hex")

    def md5(self, path):
        return self._digest(path, "md5Hex")

    def _digest(self, path, function):
        stream = self._system.open(self._path(path))
        try:
            return getattr(self._jvm.org.apache.commons.codec.digest.DigestUtils, function)(stream)
        finally:
            stream.close()

    def stamp(self, path):
        status = self._system.getFileStatus(self._path(path))
        tag = getattr(status, "getETag", lambda: None)
        try:
            return tag() or f"{status.getLen()}-{status.getModificationTime()}"
        except Exception:  # A file system without tags has no such method in the JVM.
            return f"{status.getLen()}-{status.getModificationTime()}"


def digest_of(path, algorithm):
    digest = hashlib.new(algorithm)
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
