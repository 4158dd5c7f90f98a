-- The rows of schema 1 are hours of the historian now (sqlite/convert_samples.hpp, before this).
DROP TABLE IF EXISTS samples;
