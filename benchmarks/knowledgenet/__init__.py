"""The benchmark KnowledgeNet (Mesquita et al., EMNLP 2019): fifteen properties of persons and organisations."""
